"""Inside the clerk: a studio that sells stored value."""

from tests.e2e.deeds.house import PASSWORD, inside, user


def card_shop(*, slug: str, phone: str, wallets: bool = False) -> dict[str, str]:
    """A studio of its own with offers, Stripe open at the fake (`wallets`: these too), and a customer with an order
    whose deposit is due.
    """
    from core.finance.models import Account
    from core.finance.services import set_gift, trigger
    from core.studios.models import Branch
    from infra.seed.pay import open_routes
    from tenants.services import open_studio
    from tests.factories import make_customer, make_order, make_package

    names = {"name": "云汀影像", "branch_name": "湖滨店", "owner_name": "林屿", "owner_username": "boss"}
    opened = open_studio(slug=slug, **names, owner_password=PASSWORD)
    with inside(slug):
        said: list[str] = []  # the clerk's own output is the pipe
        open_routes(opened, user("boss"), said.append, wallets=wallets)
        assert "open" in said[-1], said
        for least, gift in ((100000, 10000), (300000, 50000)):
            set_gift(actor=user("boss"), least_minor=least, gift_minor=gift, is_offered=True)
        branch = Branch.objects.get()
        deposit = {"deposit": {"kind": "percent", "value": 20}}
        order = make_order(
            branch=branch, actor=user("boss"), package=make_package(name="湖畔婚纱", more=deposit),
            customer=make_customer("陆汀", phone),
        )  # fmt: skip
        trigger(account=Account.objects.get(pk=order.account_id), when="signing")
        return {"order": order.code}
