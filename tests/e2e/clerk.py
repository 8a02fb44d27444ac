"""The clerk inside: a process with the product's own verbs, told by lines of JSON what should happen behind the scenes.

The browser tests' own process never opens a database connection (playwright's event loop runs in it, where Django
refuses to work), so "a colleague takes an order" is a call over a pipe: `Clerk(env).order(studio="xingye", …)`.
"""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from infra.paths import ROOT

PASSWORD = "kamera-2611"


class Clerk:
    """The test's end of the pipe; every verb below is a method. Raises RuntimeError with the clerk's own traceback."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.clerk"],
                cwd=ROOT,
                env={**os.environ, **env, "DJANGO_SETTINGS_MODULE": "config.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        if verb.startswith("_") or verb not in VERBS:
            raise AttributeError(verb)
        return lambda **told: self._ask(verb, told)

    def _ask(self, verb: str, told: dict[str, Any]) -> Any:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(json.dumps({"verb": verb, "told": told}) + "\n")
        pipe_in.flush()
        line = pipe_out.readline()
        if not line:
            raise RuntimeError("the clerk is gone; see clerk.log")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(10)


# -- Below: what runs in the clerk's own process ----------------------------------------------------------------------
STAFF = [  # user name, name, jobs as (role, branch code or "" for all)
    ("linhui", "林慧", [("manager", "NS")]),
    ("wanglei", "王蕾", [("receptionist", "NS")]),
    ("zhouhang", "周航", [("photographer", "NS"), ("photographer", "FT")]),
    ("hejing", "何静", [("selection_adviser", "NS"), ("selection_adviser", "FT")]),
    ("zhaomin", "赵敏", [("receptionist", "FT")]),
]


def furnish(pictures: list[str]) -> dict[str, Any]:
    """Two studios: 星野 with two branches, orders on every stage, a gallery to choose from, one with finals; 青塘."""
    from tenants.context import in_studio
    from tenants.services import open_studio

    first = open_studio(
        name="星野映画", slug="xingye", branch_name="南山店", owner_name="陈思远", owner_username="boss",
        owner_password=PASSWORD,
    )  # fmt: skip
    second = open_studio(
        name="青塘影像", slug="qingtang", branch_name="西湖店", owner_name="沈青禾", owner_username="boss",
        owner_password=PASSWORD,
    )  # fmt: skip
    with in_studio(first):
        _staff_and_branches()
        _package()
    stages = ["enquiry", "signing", "preparation", "shoot", "production", "delivery", "after_sales"]
    orders = {stage: order(studio="xingye", stage=stage) for stage in stages}
    couple = order(studio="xingye", stage="selection", name="陈晓雨", phone="13900002611")
    shown = gallery(studio="xingye", code=couple["code"], pictures=pictures, publish=True)
    arrange(studio="xingye", gallery=shown)
    foreign = order(studio=second.slug, stage="preparation", name="顾南乔", phone="13900002612")
    finals = shelved(studio="xingye", photos=4, included=4, name="苏晚晴")
    retouch(studio="xingye", gallery=finals["code"], numbers=[1, 2, 3], begin=True)
    spreads = [["01.jpg", pictures[0]], ["02.jpg", pictures[1]]]
    album(studio="xingye", gallery=finals["code"], files=spreads, begin=True)
    kept = shelved(studio="xingye", photos=3, included=3, name="沈听澜")
    signed(studio="xingye", gallery=kept["code"], numbers=[1, 2], pictures=pictures[:2], handed=True)
    kept["share"] = tell(studio="xingye", gallery=kept["code"], numbers=[2, 1])
    shown_to = {"couple": {**couple, "gallery": shown}, "foreign": foreign, "date": book(studio="xingye")}
    return {"orders": orders, **shown_to, "finals": finals, "kept": kept}


def order(
    *, studio: str, stage: str = "enquiry", name: str = "", phone: str = "", branch: str = "NS", title: str = ""
) -> dict[str, Any]:
    """An order taken by the branch's receptionist and moved to `stage`."""
    from core.catalog.models import Package
    from core.orders import services as orders
    from core.orders.enums import Stage
    from core.people import services as people
    from core.people.models import Customer
    from core.studios.models import Branch

    with _inside(studio):
        number = Customer.objects.count() + 1
        customer = people.add_customer(
            actor=None, name=name or f"客户{number}", phone=phone or f"1370000{number:04d}", source="walk_in"
        )
        chosen = Branch.objects.filter(code=branch).first() or Branch.objects.get()
        taken = orders.take_order(
            actor=_user("wanglei"),
            branch=chosen,
            customer=customer,
            package=Package.objects.order_by("-pk")[0],
            title=title or customer.name,
            shoot_on=dt.date(2027, 3, 6),
        )
        for target in list(Stage)[1 : Stage(stage).number + 1]:
            taken = orders.move_order(actor=_user("wanglei"), order=taken, target=target)
        return {"id": taken.pk, "code": taken.code, "title": taken.title, "phone": customer.phone.removeprefix("+86")}


def move(*, studio: str, code: str, target: str) -> None:
    """A colleague moves the order, as the board does."""
    from core.orders import services as orders
    from core.orders.models import Order

    with _inside(studio):
        orders.move_order(actor=_user("linhui"), order=Order.objects.get(code=code), target=target)


def gallery(*, studio: str, code: str, pictures: list[str], publish: bool = False) -> str:
    """The order's gallery filled by the staff's own way, rendered by the running worker; its code."""
    from core.kernel import clock
    from core.orders.models import Order
    from infra.seed import shelf
    from selection.services import galleries

    with _inside(studio):
        found = galleries.create_gallery(actor=_user("zhouhang"), order=Order.objects.get(code=code))
        if pictures:
            shelf.upload(found, _user("zhouhang"), [Path(name) for name in pictures], lambda _: None)
            shelf.wait_until_ready(found, lambda _: None)
        if publish:
            found.refresh_from_db()
            deadline = clock.today("Asia/Shanghai") + dt.timedelta(days=9)
            galleries.publish_gallery(actor=_user("hejing"), gallery=found, deadline=deadline)
        return found.code


def arrange(*, studio: str, gallery: str) -> None:
    """Two looks, a stack, a recommendation and a cover, so that the pages have something to show."""
    from selection.culling import services as culling
    from selection.models import Gallery

    with _inside(studio):
        found, actor = Gallery.objects.get(code=gallery), _user("hejing")
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

    with _inside(studio):
        found, actor = Gallery.objects.get(code=gallery), _user("hejing")
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


def pins(*, studio: str, gallery: str) -> dict[str, Any]:
    """Number → what is pinned there, as PostgreSQL has it."""
    from selection.models import Gallery, PhotoNote

    with _inside(studio):
        notes = PhotoNote.objects.filter(photo__gallery=Gallery.objects.get(code=gallery)).exclude(pins=[])
        return {str(number): found for number, found in notes.values_list("photo__number", "pins")}


def shelved(*, studio: str, photos: int, included: int, name: str) -> dict[str, str]:
    """A published gallery of ready photographs, made at once; its code, its order's and the customer's phone."""
    from tests.bench.gallery_seed import seed_gallery

    with _inside(studio):
        found = seed_gallery(photos, included=included, name=name, title=name, pictures=8)
        phone = found.order.customer.phone.removeprefix("+86")
        return {"code": found.code, "order": found.order.code, "phone": phone}


def facts(*, studio: str, code: str) -> dict[str, Any]:
    """Where the order stands and what its gallery holds."""
    from core.orders.models import Order
    from selection.models import Gallery

    with _inside(studio):
        found = Order.objects.get(code=code)
        gallery = Gallery.objects.filter(order=found).first()
        photos = list(gallery.photos.order_by("number").values_list("file_name", "state")) if gallery else []
        return {"stage": found.stage, "gallery": gallery.state if gallery else "", "photos": photos}


def chosen(*, studio: str, gallery: str) -> dict[str, Any]:
    """What the main chooser said, as PostgreSQL has it: {values: {number: value}, yes, maybe, no, state, notes}."""
    from selection.models import Gallery, PhotoNote, Pick

    with _inside(studio):
        found = Gallery.objects.get(code=gallery)
        chooser = found.choosers.get(is_main=True)
        values = Pick.objects.filter(chooser=chooser).exclude(value="").values_list("photo__number", "value")
        notes = PhotoNote.objects.filter(chooser=chooser).values_list("photo__number", "text")
        return {
            "values": {str(number): value for number, value in values},
            "counts": [chooser.yes, chooser.maybe, chooser.no],
            "notes": {str(number): text for number, text in notes},
            "state": found.state,
            "placed": _placed(chooser),
            "to_pay": [row.extra_total_minor for row in found.submissions.filter(reopened_at=None)],
        }


def _placed(chooser: Any) -> dict[str, list[int]]:
    """Slot name → photograph numbers."""
    rows = chooser.placements.filter(is_in=True).order_by("photo__number").values_list("slot__name", "photo__number")
    found: dict[str, list[int]] = {}
    for name, number in rows:
        found.setdefault(name, []).append(number)
    return found


def say(*, studio: str, gallery: str, picks: dict[str, str]) -> None:
    """The main chooser says it on another phone, just now."""
    from core.kernel import clock
    from selection.models import Gallery
    from selection.services import Op, apply_picks

    with _inside(studio):
        chooser = Gallery.objects.get(code=gallery).choosers.get(is_main=True)
        now = clock.now()
        first = int(now.timestamp()) % 10**9  # a device's counter grows
        ops = [Op(i, int(number), value, now) for i, (number, value) in enumerate(picks.items(), start=first)]
        apply_picks(chooser=chooser, device="other-phone", ops=ops)


def submit(*, studio: str, gallery: str) -> None:
    """The main chooser signs on another phone."""
    from selection.models import Gallery
    from selection.selectors import counts
    from selection.services import submit_selection

    with _inside(studio):
        found = Gallery.objects.get(code=gallery)
        chooser = found.choosers.get(is_main=True)
        price = counts(found, chooser).extra_total_minor
        submit_selection(chooser=chooser, extra_total_minor=price, signed_name=chooser.customer.name)


def unlock(*, studio: str, gallery: str) -> None:
    """The selection adviser opens a submitted selection again."""
    from selection.models import Gallery
    from selection.services import galleries

    with _inside(studio):
        galleries.unlock_selection(
            actor=_user("hejing"), gallery=Gallery.objects.get(code=gallery), reason="客户想换一张"
        )


def retouch(*, studio: str, gallery: str, numbers: list[int], begin: bool = False, send: bool = True) -> int:
    """Finals of these photographs, sent; `begin`: they are chosen, submitted, taken into retouch first. The round."""
    from selection.models import Gallery
    from selection.retouch.selectors import job_of
    from selection.retouch.services import send_round, start_retouching
    from tests.selection.retouch.make import add_final
    from tests.selection.retouch.make import submit as choose

    with _inside(studio):
        found, boss = Gallery.objects.get(code=gallery), _user("boss")
        if begin:
            choose(found, *numbers)
            start_retouching(actor=boss, gallery=found, retoucher=boss, due_on=None)
        if send:
            for number in numbers:
                photo = found.photos.get(number=number)
                add_final(found, number, rendition_key=photo.rendition_key, width=photo.width, height=photo.height)
            send_round(actor=boss, gallery=found)
        job = job_of(found)
        return job.round if job else 0


def album(
    *, studio: str, gallery: str, files: list[list[str]], begin: bool = False, send: bool = True
) -> dict[str, Any]:
    """Spreads [name, picture] by the staff's own way, rendered by the running worker, sent; `begin`: an album first."""
    from infra.seed import shelf
    from selection.album.intake import for_album
    from selection.album.models import AlbumProof
    from selection.album.services import send_draft, start_album
    from selection.models import Gallery
    from selection.services import uploads

    with _inside(studio):
        found, boss = Gallery.objects.get(code=gallery), _user("boss")
        if begin:
            start_album(actor=boss, gallery=found, name="水晶相册", designer=boss)
        one = AlbumProof.objects.get(gallery=found)
        told = [shelf.announce(Path(path), name) for name, path in files]
        answers = uploads.sign_uploads(actor=boss, gallery=found, files=told, intake=for_album(one))
        for answer, (_name, path) in zip(answers, files, strict=True):
            shelf.put(Path(path), answer)
        numbers = [answer.photo for answer in answers]
        uploads.complete_uploads(actor=boss, gallery=found, numbers=numbers, intake=for_album(one))
        shelf.wait_until_ready(found, lambda _: None, kind=one.spreads)
        if send:
            send_draft(actor=boss, album=one)
        one.refresh_from_db()
        return {"state": one.state, "round": one.round}


def signed(*, studio: str, gallery: str, numbers: list[int], pictures: list[str], handed: bool = False) -> int:
    """Finals of these photographs with real bytes, accepted and signed; `handed`: delivered too. Bytes of all."""
    from selection.delivery.services import deliver_gallery, prepare_files
    from selection.models import Gallery
    from selection.retouch.services import accept_rest, send_round, sign_off, start_retouching
    from tests.selection.delivery.make import put_final
    from tests.selection.make import main_chooser
    from tests.selection.retouch.make import submit as choose

    with _inside(studio):
        found, boss = Gallery.objects.get(code=gallery), _user("boss")
        choose(found, *numbers)
        start_retouching(actor=boss, gallery=found, retoucher=boss, due_on=None)
        total = 0
        for number, picture in zip(numbers, pictures, strict=False):
            body = Path(picture).read_bytes() + f"{gallery}{number}".encode()
            photo, final = found.photos.get(number=number), put_final(found, number, f"新娘_{number}.jpg", body)
            type(final).objects.filter(pk=final.pk).update(rendition_key=photo.rendition_key)
            total += len(body)
        send_round(actor=boss, gallery=found)
        chooser = main_chooser(found)
        accept_rest(chooser=chooser)
        sign_off(chooser=chooser, signed_name=chooser.customer.name)
        if handed:
            deliver_gallery(actor=boss, gallery=Gallery.objects.get(code=gallery), checked_by=boss)
            prepare_files(Gallery.objects.get(code=gallery))
        return total


def tell(*, studio: str, gallery: str, numbers: list[int]) -> str:
    """The story of a delivered gallery, shared by its customer; the link's code."""
    from selection.delivery.services import save_story, share_story
    from selection.models import Gallery
    from tests.selection.make import main_chooser

    with _inside(studio):
        found = Gallery.objects.get(code=gallery)
        told = {"title": "雾散之前", "text": "第一段\n\n第二段", "numbers": numbers, "published": True}
        save_story(actor=_user("boss"), gallery=found, **told)
        share = share_story(customer=main_chooser(found).customer, gallery=found, shared=True)
        return share.share_code or ""


def studio(*, slug: str) -> dict[str, Any] | None:
    """What sign-up left: name, owner's user name, branches, stages, packages."""
    from core.catalog.models import Package
    from core.orders.models import StageSetting
    from core.studios.models import Branch
    from tenants.accounts.models import User
    from tenants.models import Studio

    found = Studio.objects.filter(slug=slug).first()
    if found is None:
        return None
    with _inside(slug):
        return {
            "name": found.name,
            "users": list(User.objects.values_list("username", flat=True)),
            "branches": list(Branch.objects.values_list("name", flat=True)),
            "stages": StageSetting.objects.count(),
            "packages": Package.objects.count(),
        }


def accompany(*, studio: str, gallery: str, name: str, role: str = "co") -> dict[str, Any]:
    """A second person on the gallery's order; their phone number and the PIN that staff made for them."""
    from core.orders.models import OrderPerson
    from core.people import services as people
    from core.people.models import Customer
    from selection.models import Chooser, Gallery
    from selection.services import make_pin, set_role

    with _inside(studio):
        found = Gallery.objects.get(code=gallery)
        number = f"1360000{Customer.objects.count():04d}"
        customer = people.add_customer(actor=None, name=name, phone=number, source="referral")
        OrderPerson.objects.create(order=found.order, customer=customer, part="groom")
        seat = Chooser.objects.create(gallery=found, customer=customer)
        if role != "co":
            set_role(actor=_user("hejing"), chooser=seat, role=role)
        pin = make_pin(actor=_user("hejing"), chooser=seat)
        return {"seat": seat.pk, "phone": number, "pin": pin.digits, "name": name}


def marks(*, studio: str, gallery: str) -> dict[str, dict[str, str]]:
    """What everybody said, as PostgreSQL has it: name → {number: value}."""
    from selection.models import Gallery, Pick

    with _inside(studio):
        found: dict[str, dict[str, str]] = {}
        rows = Pick.objects.filter(chooser__gallery=Gallery.objects.get(code=gallery)).exclude(value="")
        for name, number, value in rows.values_list("chooser__customer__name", "photo__number", "value"):
            found.setdefault(name, {})[str(number)] = value
        return found


def share(*, studio: str, seat: int, shares: bool) -> None:
    """The person lets the others see their marks, or not."""
    from selection.models import Chooser
    from selection.services import set_sharing

    with _inside(studio):
        set_sharing(chooser=Chooser.objects.get(pk=seat), shares=shares)


def book(*, studio: str, days: int = 1, hour: int = 10) -> dict[str, str]:
    """A firm shoot in some days for the photographer and a room of the first branch."""
    from core.kernel import clock
    from core.scheduling import services as calendar
    from core.scheduling.models import Resource
    from core.scheduling.solver import PlannedBlock
    from core.studios.models import Branch

    with _inside(studio):
        branch, boss = Branch.objects.get(code="NS"), _user("boss")
        told = {"actor": boss, "branch": branch}
        if not Resource.objects.exists():
            calendar.save_resource(**told, kind="photographer", name="周航", user=_user("zhouhang"), lendable=True)
            calendar.save_resource(**told, kind="room", name="影棚 A", after=15)
        day = clock.today(branch.timezone) + dt.timedelta(days=days)
        start = clock.day_start(day, branch.timezone) + dt.timedelta(hours=hour)
        crew = list(Resource.objects.order_by("pk")[:2])
        needs = [{"kind": one.kind} for one in crew]
        ids = tuple(one.pk for one in crew)
        plan = [PlannedBlock("拍摄", start, start + dt.timedelta(hours=2), ids, needs)]
        made = calendar.book(**told, kind="shoot", title="苏念 & 程远", plan=plan)
        return {"code": made.code, "day": day.isoformat(), "resource": str(crew[0].pk)}


def date(*, studio: str, code: str) -> dict[str, Any]:
    """When and with whom an appointment is now, by the branch's clock."""
    from core.kernel import clock
    from core.scheduling.models import Appointment

    with _inside(studio):
        row = Appointment.objects.select_related("branch").get(code=code)
        names = row.claims.filter(active=True).order_by("pk").values_list("resource__name", flat=True)
        at = row.starts_at.astimezone(clock.zone(row.branch.timezone))
        return {"at": f"{at:%H:%M}", "state": row.state, "crew": sorted(set(names))}


VERBS = {
    each.__name__: each
    for each in (
        *(furnish, order, move, gallery, shelved, triage, facts, chosen, pins, say, submit, unlock, retouch),
        *(accompany, marks, share, album, signed, studio, book, date),
    )
}


def _inside(slug: str) -> Any:
    from tenants.context import in_studio
    from tenants.models import Studio

    return in_studio(Studio.objects.get(slug=slug))


def _user(username: str) -> Any:
    from tenants.accounts.models import User

    return User.objects.filter(username=username).first() or User.objects.get(username="boss")


def _staff_and_branches() -> None:
    from core.people import services as people
    from core.studios import services as studios
    from core.studios.models import Branch

    boss = _user("boss")
    first = studios.change_branch(actor=boss, branch=Branch.objects.get(), code="NS", city="深圳")
    branches = {"NS": first, "FT": studios.add_branch(actor=boss, name="福田店", code="FT", city="深圳")}
    for username, name, jobs in STAFF:
        memberships = [(role, branches[code].pk) for role, code in jobs]
        people.add_staff(actor=boss, username=username, name=name, password=PASSWORD, memberships=memberships)


def _package() -> None:
    from core.catalog import services as catalog

    fields = {
        "name": "晨雾森林 · 婚纱", "kind": "wedding", "price_minor": 799900, "photos_taken": 40,
        "retouched_included": 12, "extra_photo_minor": 6000, "outfits": 4, "scenes": 3,
    }  # fmt: skip
    frame = {"kind": "frame", "name": "24 寸油画框", "included": 1, "minimum": 1, "extra_price_minor": 38000}
    package = catalog.save_package(
        actor=_user("boss"),
        fields=fields | {"retouched_tiers": [{"from": 6, "price_minor": 4800}], "all_originals_minor": 128000},
        products=[("album", "12 寸水晶相册", 1)],
        extras=[("高定礼服加租", 68000)],
        slots=[frame],
    )
    catalog.publish_package(actor=_user("boss"), package=package)
    catalog.save_package(actor=_user("boss"), package=package, fields={"price_minor": 829900})  # a draft to publish
    rule = {"kind": "off_peak", "name": "周末快拍", "percent": -20, "weekdays": [5]}
    catalog.save_rule(actor=_user("boss"), fields=rule)
    gift = {"code": "NEW300", "name": "新客立减", "kind": "amount", "amount_minor": 30000}
    catalog.save_coupon(actor=_user("boss"), fields=gift)


def main(orders: IO[str], answers: IO[str]) -> None:
    """Obey until the pipe closes."""
    import traceback

    import django

    django.setup()
    for line in orders:
        asked = json.loads(line)
        try:
            answer = {"value": VERBS[asked["verb"]](**asked["told"])}
        except Exception:  # noqa: BLE001 (the test shows it)
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
