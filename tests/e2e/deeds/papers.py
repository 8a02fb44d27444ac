"""Inside the clerk: contracts."""

from typing import Any

from tests.e2e.deeds.house import inside
from tests.e2e.deeds.orders import order


def contract(*, studio: str, name: str, phone: str) -> dict[str, Any]:
    """An order in signing with a contract that was sent; its code, the order's and the customer's phone."""
    from core.contracts.services import compose_contract, send_contract
    from core.orders.models import Order

    made = order(studio=studio, stage="signing", name=name, phone=phone)
    with inside(studio):
        found = Order.objects.get(code=made["code"])
        sent = compose_contract(actor=found.owner, order=found, language="zh-hans")
        send_contract(actor=found.owner, contract=sent)
        return {"code": sent.code, "order": made["code"], "phone": made["phone"], "number": sent.number}
