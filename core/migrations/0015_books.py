"""Books for the orders there are: what was sold, split as usual. Nothing of it is due before something happens, because
nobody knows here what was paid before the books were opened.
"""

from django.db import migrations


def open_books(apps, schema_editor):
    Order, Account, Charge, Instalment = (
        apps.get_model("core", name) for name in ("Order", "Account", "Charge", "Instalment")
    )
    for order in Order.objects.filter(account=None).order_by("pk"):
        price = order.price_minor if order.state != "cancelled" else 0
        terms = {name: order.terms[name] for name in ("schedule", "deposit", "refunds") if order.terms.get(name)}
        account = Account.objects.create(
            code=order.code, title=order.title, customer_id=order.customer_id, branch_id=order.branch_id,
            currency=order.currency, thread=f"order.{order.pk}", terms=terms, charged_minor=price,
            opened_at=order.taken_at,
        )
        if price:
            name = str(order.terms.get("package", ""))[:120]
            line = {"name": name, "quantity": 1, "each_minor": price, "total_minor": price}
            charge = Charge.objects.create(
                account=account, source="order", kind="order", title=order.title, lines=[line], total_minor=price,
                posted_at=order.taken_at,
            )
            first = price - price // 2
            Instalment.objects.bulk_create(
                Instalment(account=account, charge=charge, number=number, trigger=when, amount_minor=amount)
                for number, (when, amount) in enumerate([("signing", first), ("selection", price - first)], start=1)
                if amount
            )
        Order.objects.filter(pk=order.pk).update(account=account)


class Migration(migrations.Migration):
    dependencies = [("core", "0014_money")]
    operations = [migrations.RunPython(open_books, migrations.RunPython.noop)]
