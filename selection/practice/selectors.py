"""Whether practice data are on."""

from core.orders.models import Order
from selection.practice.models import Practice


def practice_now() -> dict[str, object]:
    """`on`, `gallery` (its code), `orders` of them still there, `made_at`."""
    practice = Practice.objects.filter(pk=1).first()
    if practice is None:
        return {"on": False}
    orders = list(Order.objects.filter(pk__in=practice.made.get("core_order", [])).order_by("pk"))
    return {"on": True, "gallery": practice.gallery_code, "orders": orders, "made_at": practice.made_at}
