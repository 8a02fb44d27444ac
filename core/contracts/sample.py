"""A template tried out: with the facts of an order there is, or of an invented one. Nothing is stored."""

from core.contracts import compose, facts
from core.contracts.models import ContractTemplate
from core.contracts.selectors import clauses_of
from core.contracts.services.keeping import setting
from core.kernel import clock
from core.orders.models import Order
from tenants.context import current_studio


def sample(template: ContractTemplate) -> tuple[compose.Composition, Order | None]:
    """The composition, and whose facts it shows (None: invented)."""
    orders = Order.objects.select_related("branch", "customer")
    order = orders.filter(kind=template.kind).last() if template.kind else orders.last()
    data = facts.facts_of(order, setting()) if order is not None else invented()
    clauses = clauses_of(template, order.kind if order is not None else template.kind)
    return compose.compose(template.title, template.language, clauses, data), order


def invented() -> dict[str, object]:
    """Facts of nobody, so that a template can be read before the first order."""
    row = setting()
    terms = {"package": "—", "photos_taken": 200, "retouched_included": 50, "extra_photo_minor": 6000, "outfits": 3}
    person = {"customer": 0, "name": "—", "phone": "—", "part": "main", "signs": True}
    return {
        "studio": {"name": row.party_name or current_studio().name, "number": row.party_number},
        "branch": {"name": "—", "city": "", "address": "", "phone": ""},
        "order": {
            "code": "—", "title": "—", "kind": "", "currency": current_studio().currency, "price_minor": 399900,
            "shoot_on": "", "promised_on": "", "note": "",
        },
        "people": [person],
        "lines": [
            {"kind": "package", "name": "—", "quantity": 1, "each_minor": 399900, "total_minor": 399900}
        ],
        "instalments": facts.instalments_of(399900, {}),
        "refunds": facts.refunds_of({}),
        "deposit": {"kind": row.deposit_kind, "text": row.deposit_text, "minor": 0},
        "terms": terms,
        "moving": {"days": 7},
        "today": clock.today(current_studio().timezone).isoformat(),
    }  # fmt: skip
