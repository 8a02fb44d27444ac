"""Two studios alike to the last primary key and code, told apart only by a word in every name.

What one shows must never hold the other's word.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pyvips
from django.conf import settings
from django.test import Client

from billing.gateway import PayReport, PayState
from billing.models import MerchantAccount
from core.booking import offers
from core.booking.models import Booking
from core.booking.services.holding import Choice, begin_booking, hold_booking
from core.booking.services.plans import send_plan, write_plan
from core.booking.services.proposing import propose_date
from core.catalog import services as catalog
from core.contracts.finishing import finish_contract
from core.contracts.models import Clause, Contract
from core.finance import services as finance
from core.finance.models import Account, PayAttempt
from core.finance.proofs import keep
from core.kernel import clock, storage
from core.messaging import services as messaging
from core.orders import services as orders
from core.orders.dates import confirm_date, take_date
from core.orders.enums import Stage
from core.people import invitations
from core.people import services as people
from core.people.enums import Role
from core.people.login import COOKIE, SESSION_LIFE
from core.people.models import CustomerSession, Membership
from core.people.selectors import token_hash
from core.people.staff import staff_of
from core.scheduling.chains import USUAL
from core.scheduling.models import Appointment, Resource
from core.scheduling.services import add_leave, add_waiting, save_holiday, save_resource
from core.scheduling.solver import PlannedBlock
from infra.seed.film import film
from selection.addresses import media_token
from selection.album.models import Spread
from selection.album.services import approve_album, send_draft, start_album
from selection.delivery.addresses import clean_token, download_base
from selection.delivery.models import Clip
from selection.delivery.services import save_story, share_story
from selection.models import EntryPin, Gallery
from selection.retouch.models import FinalVersion
from selection.retouch.services import start_retouching
from selection.rights.models import Sample
from selection.rights.services import add_samples, add_works, sign_consent
from selection.services import ask_reopening, sign_part
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tenants.life.domains import add_domain
from tenants.life.exporting import ask_export
from tests.core.booking.make import team
from tests.core.contracts.make import make_contract
from tests.core.contracts.make import sign as sign_contract
from tests.factories import make_branch, make_customer, make_order, make_package
from tests.selection.album.make import add_spread, approve_all, comment
from tests.selection.delivery.make import deliver, signed_gallery
from tests.selection.make import main_chooser, make_gallery, pick
from tests.selection.pictures import jpeg
from tests.selection.retouch.make import send, submit

GALLERY, RETOUCHED, DELIVERED = "samecode2345", "samecode6789", "samecode4567"
SAMPLE, PUBLIC, DATE = "samecode7777", "samecode8888", "samecode9999"
CONTRACT, SEALED = "samecode2222", "samecode5555"
DRAFT, BOOKED = "samecode3333333", "samecode4444444"


@dataclass
class World:
    """A studio with two branches, an order with a gallery in the first one and an order in the second."""

    studio: Any
    word: str
    here: Any = None  # the branch of the objects that samples name
    there: Any = None
    order: Any = None
    elsewhere: Any = None  # an order of the other branch and of another customer
    gallery: Any = None
    seat: Any = None  # in the gallery, with a PIN
    look: Any = None  # of the gallery
    customer: Any = None
    stranger: Any = None
    package: Any = None
    issue: Any = None
    staff: Any = None  # somebody to manage
    device: Any = None  # a session of the customer
    media_token: str = ""
    retouched: Any = None  # a gallery of the customer with a round of finals before them
    final: Any = None
    final_token: str = ""
    spread: Any = None  # of an album of the retouched gallery, approved
    comment: Any = None
    delivered: Any = None  # a gallery of the customer, handed over
    clean_token: str = ""
    clip: Any = None
    release: Any = None
    public: Any = None  # the one sample that everybody may see
    share_code: str = ""
    download_pass: str = ""
    consent: Any = None  # of the customer, for the final's photograph
    sample: Any = None  # that photograph in the library
    date: Any = None  # an appointment of the order
    photographer: Any = None  # its resource, with a feed
    waiting: Any = None
    leave: Any = None
    holiday: Any = None
    contract: Any = None  # sent, of `order`
    sealed: Any = None  # signed and sealed, of the order of `retouched`
    clause: Any = None
    payment: Any = None  # of `order`, with a refund to pay out, a claim, an invoice asked for and a try to pay
    refund: Any = None
    claim: Any = None
    deal: Any = None
    top_up: Any = None
    rule: Any = None
    invoice: Any = None
    attempt: Any = None
    export: Any = None  # a task that waits
    own_domain: str = ""
    booked: Any = None  # a firm booking of the customer
    proposal: Any = None  # another date for it
    invitation: Any = None  # of a colleague for the first branch
    invitation_token: str = ""
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"{self.studio.slug}.{settings.PLATFORM_HOST}"

    def ids(self) -> dict[str, Any]:
        """What must be equal in both worlds."""
        things = ("here", "there", "order", "elsewhere", "gallery", "look", "customer", "stranger", "package", "issue")
        things += ("staff", "invitation")
        return {name: getattr(self, name).pk for name in things} | {
            "code": self.order.code,
            "gallery_code": self.gallery.code,
            "device": self.device.pk,
            "retouched": self.retouched.pk,
            "delivered": self.delivered.pk,
            "final": (self.final.pk, self.final.number),
            "spread": (self.spread.pk, self.spread.number, self.comment.pk),
            "consent": self.consent.pk,
            "booking": (self.booked.pk, self.booked.order.code, self.proposal.pk),
            "sample": (self.sample.pk, self.sample.code),
            "calendar": (self.date.pk, self.photographer.pk, self.waiting.pk, self.leave.pk, self.holiday.pk),
            "contract": (self.contract.code, self.sealed.code, self.clause.pk, self.contract.template_id),
            "money": tuple(row.pk for row in (self.payment, self.refund, self.claim, self.invoice, self.attempt)),
            "value": (self.deal.pk, self.rule.pk),
            "receipt": (self.payment.receipt, self.attempt.reference),
        }


def build(studio: Any, word: str) -> World:
    """Furnish an empty studio; every visible name carries `word`."""
    world = World(studio, word)
    with in_studio(studio):
        _furnish(world)
        _people(world)
    world.export = ask_export(studio=studio, actor="boss", with_files=False)
    world.own_domain = add_domain(studio=studio, name=f"{word.lower()}.example.com", actor="boss").domain
    return world


def _furnish(world: World) -> None:
    word = world.word
    world.here, world.there = make_branch(f"{word} north", code="NS"), make_branch(f"{word} south", code="FT")
    boss = people.add_staff(
        actor=None, username="boss", name=f"{word} boss", password="Kamera-2611", memberships=[(Role.OWNER, None)]
    )
    world.staff = people.add_staff(
        actor=boss, username="colleague", name=f"{word} colleague", password="Kamera-2611",
        memberships=[(Role.PHOTOGRAPHER, world.here.pk)],
    )  # fmt: skip
    world.invitation, world.invitation_token = invitations.invite(
        staff=staff_of(boss), name=f"{word} invited", memberships=[(Role.PHOTOGRAPHER, world.here.pk)],
        deliver=messaging.queue_invitation,
    )  # fmt: skip
    world.customer = make_customer(f"{word} customer", phone="13900139001")
    world.stranger = make_customer(f"{word} stranger", phone="13900139002")
    world.package = make_package(
        name=f"{word} package",
        all_originals_minor=50000,
        slots=[{"kind": "album_page", "name": f"{word} album", "included": 2, "extra_price_minor": 3000}],
    )
    season = {"kind": "peak", "name": f"{word} peak", "percent": 10, "branch": world.there}
    world.price_rule = catalog.save_rule(actor=boss, fields=season)
    gift = {"code": "GIFT", "name": f"{word} coupon", "kind": "amount", "amount_minor": 100}
    world.coupon = catalog.save_coupon(actor=boss, fields=gift)
    world.order = make_order(
        world.here, boss, Stage.SELECTION, world.package, customer=world.customer, title=f"{word} order"
    )
    world.elsewhere = make_order(
        world.there, boss, Stage.SELECTION, world.package, customer=world.stranger, title=f"{word} elsewhere"
    )
    world.issue = orders.raise_issue(actor=boss, order=world.order, stage=Stage.SELECTION, text=f"{word} issue")
    world.gallery = make_gallery(3, order=world.order)
    Gallery.objects.filter(pk=world.gallery.pk).update(code=GALLERY, title=f"{word} gallery")
    world.gallery.refresh_from_db()
    world.seat = world.gallery.choosers.get()
    EntryPin.objects.create(gallery=world.gallery, chooser=world.seat, digits="123456", made_at=clock.now())
    world.look = world.gallery.looks.create(name=f"{word} look", position=1)
    world.media_token = media_token(world.gallery)
    _retouch(world, boss)
    _contracts(world)
    _deliver(world, boss)
    _plan(world, boss)
    _calendar(world, boss)
    _booking(world, boss)
    _money(world, boss)
    messaging.queue_message(
        route="sms", template="phone_code", to="+8613900139001", language="zh-hans",
        facts={"code": "123456", "minutes": 5}, dedupe_key=f"{word}-1",
    )  # fmt: skip


def _booking(world: World, boss: Any) -> None:
    """A firm booking with a proposal for another date, and a draft."""
    team(world.here)
    version: Any = offers.offered_version(world.package.pk)
    day = clock.today(world.here.timezone) + dt.timedelta(days=9)
    start, other = (offers.starts(world.here, version, day + dt.timedelta(days=n))[0] for n in (0, 1))
    choice = Choice(world.here, world.package, start.starts_at, start.price_minor)
    draft = begin_booking(choice=choice, name=f"{world.word} draft", phone="+8613900139009")
    booked = begin_booking(choice=choice, customer=world.customer)
    booked = hold_booking(actor=boss, booking=booked, customer=world.customer)
    shoot = confirm_date(actor=boss, appointment=booked.appointment)
    Booking.objects.filter(pk=booked.pk).update(code=BOOKED, state="firm", firm_at=clock.now())
    Booking.objects.filter(pk=draft.pk).update(code=DRAFT)
    found = offers.slots(world.here, version, day + dt.timedelta(days=1), day + dt.timedelta(days=2)).slots
    told = {"plan": found[0].plan(), "reason": f"{world.word} reason"}
    assert found[0].starts_at == other.starts_at
    world.proposal = propose_date(actor=boss, order=booked.order, appointment=shoot, **told)
    world.booked = Booking.objects.select_related("order").get(pk=booked.pk)


def _plan(world: World, boss: Any) -> None:
    """A shooting plan before the customer."""
    looks = [{"title": f"{world.word} look", "style": "forest", "scene": f"{world.word} woods"}]
    send_plan(actor=boss, plan=write_plan(actor=boss, order=world.order, looks=looks))


def _retouch(world: World, boss: Any) -> None:
    """A gallery in its first round of finals."""
    order = make_order(
        world.here, boss, Stage.SELECTION, world.package, customer=world.customer, title=f"{world.word} finals"
    )
    gallery = make_gallery(2, order=order)
    chooser = gallery.choosers.get(is_main=True)
    pick(chooser, (9, 1, "yes"))
    sign_part(chooser=chooser, numbers=[1], beyond_minor=0, signed_name=f"{world.word} customer")
    gallery = submit(gallery, 1)
    Gallery.objects.filter(pk=gallery.pk).update(code=RETOUCHED, title=f"{world.word} finals")
    gallery.refresh_from_db()
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=None)
    send(gallery, 1, actor=boss)
    FinalVersion.objects.update(number=77)
    world.retouched, world.final = gallery, FinalVersion.objects.get()
    world.final_token = media_token(gallery)
    _rights(world, boss, gallery)
    _album(world, boss)


def _contracts(world: World) -> None:
    """One contract to sign and one that is signed and sealed."""
    world.contract, world.sealed = make_contract(world.order), make_contract(world.retouched.order)
    Contract.objects.filter(pk=world.contract.pk).update(code=CONTRACT)
    Contract.objects.filter(pk=world.sealed.pk).update(code=SEALED)
    for contract in (world.contract, world.sealed):
        contract.refresh_from_db()
    sign_contract(world.sealed)
    finish_contract(contract=world.sealed.pk)
    world.clause = Clause.objects.order_by("pk")[0]


def _rights(world: World, boss: Any, gallery: Gallery) -> None:
    """A consent for the final's photograph, a sample of it, a request to change the list."""
    main, word = gallery.choosers.get(is_main=True), world.word
    world.consent = sign_consent(
        chooser=main, scope="chosen", purposes=["store"], term="0", children="none", signed_name=f"{word} customer"
    )
    ask_reopening(chooser=main, reason=f"{word} wish", add=[2])
    made = add_samples(actor=boss, gallery=gallery, numbers=[1], kind="customer", tags=[f"{world.word} tag"])
    Sample.objects.update(code=SAMPLE)
    made[0].refresh_from_db()
    world.sample = made[0]
    world.release = add_works(
        actor=boss, branch=world.here, files=[("a.jpg", jpeg())], whose=f"{word} model", evidence=f"{word} paper",
        purposes=["online"], tags=[f"{word} own"],
    )  # fmt: skip
    public = Sample.objects.get(work__release=world.release)
    Sample.objects.filter(pk=public.pk).update(code=PUBLIC)
    public.refresh_from_db()
    world.public = public


def _album(world: World, boss: Any) -> None:
    """An approved album with a comment that was settled."""
    album = start_album(actor=boss, gallery=world.retouched, name=f"{world.word} album", designer=boss)
    add_spread(album, f"{world.word}.jpg")
    Spread.objects.update(number=78)
    draft = send_draft(actor=boss, album=album)
    world.comment = comment(album, 1, f"{world.word} comment", key="world")
    approve_all(album)
    told = {"chooser": main_chooser(world.retouched), "album": album, "draft": 1, "digest": draft.digest}
    approve_album(**told, signed_name=f"{world.word} customer")
    world.spread = Spread.objects.get()


def _deliver(world: World, boss: Any) -> None:
    """A gallery handed over, with its story shared."""
    order = make_order(
        world.here, boss, Stage.SELECTION, world.package, customer=world.customer, title=f"{world.word} keeps"
    )
    gallery = signed_gallery({1: jpeg()}, photos=2, order=order)
    Gallery.objects.filter(pk=gallery.pk).update(code=DELIVERED, title=f"{world.word} keeps")
    gallery.refresh_from_db()
    deliver(gallery)
    save_story(actor=boss, gallery=gallery, title=f"{world.word} story", text="x", numbers=[1], published=True)
    story = share_story(customer=world.customer, gallery=gallery, shared=True)
    body = film([(pyvips.Image.black(16, 16, bands=3), 1000)])
    number = gallery.next_number
    world.clip = Clip.objects.create(
        gallery=gallery, number=number, file_name=f"{world.word}.mp4", state="ready", size=len(body), md5="0" * 32,
        content_type="video/mp4", original_key=storage.key("v", gallery.pk, "a.mp4"), width=16, height=16,
    )  # fmt: skip
    storage.put(world.clip.original_key, body, content_type="video/mp4")
    Gallery.objects.filter(pk=gallery.pk).update(next_number=number + 1)
    world.delivered, world.share_code = gallery, story.share_code or ""
    world.clean_token = clean_token(gallery)
    world.download_pass = download_base(gallery, world.customer.pk).split("/")[-2]


def _calendar(world: World, boss: Any) -> None:
    """A date of the order on hold, whoever serves it, and what else a calendar holds."""
    word, start = world.word, clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=20)
    told = {"actor": boss, "branch": world.here}
    world.photographer = save_resource(**told, kind="photographer", name=f"{word} photographer")
    Resource.objects.filter(pk=world.photographer.pk).update(feed_token=f"{word.lower()}-feed-token")
    world.photographer.refresh_from_db()
    plan = [PlannedBlock(f"{word} shoot", start, start + dt.timedelta(hours=2), (world.photographer.pk,))]
    world.date = take_date(actor=boss, order=world.order, kind="shoot", plan=plan, expires=dt.timedelta(days=9))
    Appointment.objects.update(code=DATE)
    world.date.refresh_from_db()
    days = {"first": start.date(), "last": start.date()}
    chain = USUAL["pickup"]
    world.waiting = add_waiting(**told, customer=world.customer, title=f"{word} waiting", chain=chain, **days)
    whole = {"starts_at": start, "ends_at": start + dt.timedelta(days=1)}
    world.leave = add_leave(actor=boss, resource=world.photographer, note=f"{word} leave", **whole)
    world.holiday = save_holiday(**told, day=start.date(), name=f"{word} holiday")


def _money(world: World, boss: Any) -> None:
    """Something of every kind in the order's books."""
    account, word = world.order.account, world.word
    told = {"actor": boss, "account": account}
    world.payment = finance.record_payment(**told, amount_minor=50000, method="cash", note=f"{word} paid")
    world.refund = finance.refund(**told, amount_minor=1000, reason=f"{word} refund")[0]
    world.claim = finance.claim_payment(
        customer=world.customer, account=account, amount_minor=2000, method="transfer", note=f"{word} claim"
    )
    value = {"actor": boss, "customer": world.customer, "method": "pos", "note": f"{word} value"}
    finance.sell_value(**value, branch=world.there, principal_minor=5000)
    finance.pay_from_value(actor=boss, account=account, amount_minor=700)
    world.deal = finance.sell_value(
        actor=boss, customer=world.customer, branch=world.here, principal_minor=20000, method="pos", note=f"{word}",
        proof=keep(b"\xff\xd8\xff" + word.encode()),
    )  # fmt: skip
    _top_up(world, boss)
    finance.attach_proof(actor=boss, money=world.payment, proof=keep(b"\xff\xd8\xff" + word.encode()))
    day = clock.today(world.here.timezone)
    world.rule = finance.make_rule(actor=boss, role="photographer", occasion="delivered", rate_bp=100, starts_on=day)
    world.invoice = finance.ask_invoice(**told, title=f"{word} title", amount_minor=3000)
    with in_public():
        shown = {"verify_name": "MP_verify_AbCd1234EfGh5678.txt", "verify_text": "AbCd1234EfGh5678"}
        MerchantAccount.objects.create(studio=world.studio, route="wechat", shown=shown)
    world.attempt = PayAttempt.objects.create(
        account=account, reference="p-same-reference", route="stripe", amount_minor=1000,
        expires_at=clock.now() + SESSION_LIFE, customer=world.customer,
    )  # fmt: skip


def _top_up(world: World, boss: Any) -> None:
    """One that was paid by a pay route."""
    finance.set_gift(actor=boss, least_minor=100000, gift_minor=10000, is_offered=True)
    offer: dict[str, Any] = {"least_minor": 100000, "gift_minor": 10000, "title": f"{world.word} card", "terms": ["x"]}
    world.top_up = finance.ask_top_up(customer=world.customer, branch=world.here, **offer)
    Account.objects.filter(pk=world.top_up.account_id).update(code="SAME-V-CODE")
    world.top_up.account.refresh_from_db()
    attempt = PayAttempt.objects.create(
        account=world.top_up.account, reference="p-same-topup", route="stripe", amount_minor=100000,
        expires_at=clock.now() + SESSION_LIFE, customer=world.customer,
    )  # fmt: skip
    finance.apply_report(report=PayReport(attempt.reference, "x", PayState.PAID, 100000, "CNY", clock.now(), "t"))


def _people(world: World) -> None:
    """One browser per kind of visitor."""
    for role in Role:
        for place, branch in (("here", world.here), ("there", world.there)):
            world.clients[f"{role}@{place}"] = _desk(world, (role, branch))
    world.clients["owner@everywhere"] = _desk(world, (Role.OWNER, None))
    world.clients["assistant@here+manager@there"] = _desk(
        world, (Role.ASSISTANT, world.here), (Role.MANAGER, world.there)
    )
    world.clients["jobless"] = _desk(world)
    dismissed = world.clients["dismissed"] = _desk(world, (Role.OWNER, None))
    User.objects.filter(pk=dismissed.session["_auth_user_id"]).update(is_active=False)
    world.clients["anonymous"] = _browser(world)
    world.clients["customer"], world.device = _phone(world, world.customer)
    world.clients["stranger"], _ = _phone(world, world.stranger)
    world.clients["by pin"], _ = _phone(world, world.customer, only=f"gallery.{GALLERY}")
    world.clients["by pin elsewhere"], _ = _phone(world, world.customer, only="gallery.othercode1234")


def _browser(world: World) -> Client:
    return Client(headers={"host": world.host}, raise_request_exception=False)


def _desk(world: World, *jobs: tuple[str, Any]) -> Client:
    number = User.objects.count()
    user = User.objects.create_user(f"staff{number}", None, name=f"{world.word} staff {number}")
    Membership.objects.bulk_create(Membership(user=user, role=role, branch=branch) for role, branch in jobs)
    client = _browser(world)
    client.force_login(user)
    return client


def _phone(world: World, customer: Any, only: str = "") -> tuple[Client, Any]:
    token = f"{world.word}-token-{customer.pk}-{only}"
    session = CustomerSession.objects.create(
        customer=customer, token_hash=token_hash(token), expires_at=clock.now() + SESSION_LIFE, seen_at=clock.now(),
        device=f"{world.word} phone", only=only,
    )  # fmt: skip
    client = _browser(world)
    client.cookies[COOKIE] = token
    return client, session
