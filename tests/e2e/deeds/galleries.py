"""Inside the clerk: galleries filled, sorted, published."""

import datetime as dt
from pathlib import Path

from tests.e2e.deeds.house import inside, user


def gallery(*, studio: str, code: str, pictures: list[str], publish: bool = False) -> str:
    """The order's gallery filled by the staff's own way, rendered by the running worker; its code."""
    from core.kernel import clock
    from core.orders.models import Order
    from infra.seed import shelf
    from selection.services import galleries

    with inside(studio):
        found = galleries.create_gallery(actor=user("zhouhang"), order=Order.objects.get(code=code))
        if pictures:
            shelf.upload(found, user("zhouhang"), [Path(name) for name in pictures], lambda _: None)
            shelf.wait_until_ready(found, lambda _: None)
        if publish:
            found.refresh_from_db()
            deadline = clock.today("Asia/Shanghai") + dt.timedelta(days=9)
            galleries.publish_gallery(actor=user("hejing"), gallery=found, deadline=deadline)
        return found.code


def arrange(*, studio: str, gallery: str) -> None:
    """Two looks, a stack, a recommendation and a cover, so that the pages have something to show."""
    from selection.culling import services as culling
    from selection.models import Gallery

    with inside(studio):
        found, actor = Gallery.objects.get(code=gallery), user("hejing")
        for name, numbers in (("主纱", [1, 2, 3]), ("外景", [4, 5])):
            look = culling.add_look(actor=actor, gallery=found, name=name)
            culling.assign_look(actor=actor, gallery=found, numbers=numbers, look=look.pk)
        culling.join_stack(actor=actor, gallery=found, numbers=[2, 3])
        culling.set_marks(actor=actor, gallery=found, marks=[culling.Mark(2, flag="keep", stars=4, recommended=True)])
        culling.set_cover(actor=actor, gallery=found, number=2)


def triage(*, studio: str, gallery: str) -> None:
    """Three looks in thirds, stacks of four from the third photograph on, every seventh one recommended."""
    from selection.culling import services as culling
    from selection.models import Gallery

    with inside(studio):
        found, actor = Gallery.objects.get(code=gallery), user("hejing")
        numbers = list(found.photos.filter(state="ready").order_by("number").values_list("number", flat=True))
        third = -(-len(numbers) // 3)
        names = found.looks.values_list("name", "pk")
        known = dict(names)
        for i, name in enumerate(("主纱", "晚装", "外景")):
            look = known.get(name) or culling.add_look(actor=actor, gallery=found, name=name).pk
            culling.assign_look(actor=actor, gallery=found, numbers=numbers[i * third : (i + 1) * third], look=look)
        for start in range(2, len(numbers) - 4, 8):
            culling.join_stack(actor=actor, gallery=found, numbers=numbers[start : start + 4])
        marks = [culling.Mark(number, flag="keep", stars=4, recommended=True) for number in numbers[3::7]]
        culling.set_marks(actor=actor, gallery=found, marks=marks)


def shelved(*, studio: str, photos: int, included: int, name: str) -> dict[str, str]:
    """A published gallery of ready photographs, made at once; its code, its order's and the customer's phone."""
    from tests.bench.gallery_seed import seed_gallery

    with inside(studio):
        found = seed_gallery(photos, included=included, name=name, title=name, pictures=8)
        phone = found.order.customer.phone.removeprefix("+86")
        return {"code": found.code, "order": found.order.code, "phone": phone}
