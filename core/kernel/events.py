"""The spine: what happened, numbered per stream without gaps, in the transaction that made it happen.

A stream is what one live screen follows (`board.<branch>`, `gallery.<id>`). Numbers come from a counter under a row
lock, so their order is commit order and a gap means loss (edges.md §1.7). A thread is what one history shows
(`order.<id>`). After commit a poke goes to the stream's open screens (`core.kernel.live`).
"""

import json
from collections.abc import Sequence
from typing import Any, Protocol

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from core.kernel import clock, live, rows


class Kind(models.TextChoices):
    """The catalogue of events. Past tense; facts are primitives. Rooms above add none elsewhere."""

    ORDER_TAKEN = "order.taken"
    ORDER_CHANGED = "order.changed"  # facts: fields, changes={field: [former, new]}
    ORDER_MOVED = "order.moved"  # facts: source, target, note
    ORDER_CANCELLED = "order.cancelled"  # facts: reason
    ORDER_FINISHED = "order.finished"
    STAGE_ASSIGNED = "stage.assigned"  # facts: stage, owner
    STAGE_SCHEDULED = "stage.scheduled"  # facts: stage, due
    STAGE_NOTED = "stage.noted"  # facts: stage (its key information was saved)
    ISSUE_RAISED = "issue.raised"  # facts: stage, text
    ISSUE_CLOSED = "issue.closed"  # facts: stage, text, resolution
    GALLERY_CREATED = "gallery.created"
    GALLERY_PUBLISHED = "gallery.published"  # facts: photos, deadline
    GALLERY_WITHDRAWN = "gallery.withdrawn"
    PHOTOS_RECEIVED = "photos.received"  # facts: count (a batch was completed by the uploader)
    PHOTO_READY = "photo.ready"  # facts: photo
    PHOTO_REFUSED = "photo.refused"  # facts: photo, code
    PHOTO_REMOVED = "photo.removed"  # facts: photo, file_name
    PHOTO_RESTORED = "photo.restored"  # facts: photo, file_name
    PHOTO_REPLACED = "photo.replaced"  # facts: photo, file_name, former_name
    PHOTOS_MARKED = "photos.marked"  # facts: count (flags, stars; nothing that customers see)
    PHOTOS_CULLED = "photos.culled"  # facts: count, hidden=[numbers], shown=[numbers], recommended=[numbers]
    GALLERY_ARRANGED = "gallery.arranged"  # facts: what (order · cover · looks · stacks), and what the verb says
    PHOTO_PICKED = "photo.picked"  # facts: picks=[[photo, value]], counts
    PHOTO_PLACED = "photo.placed"  # facts: placements=[[photo, slot number, is in]], counts, by
    PHOTO_SUGGESTED = "photo.suggested"  # facts: photo, slot (its name; empty: for retouching), on
    SITTING_STARTED = "sitting.started"  # an adviser sits down with the customer at the selection desk
    SITTING_SHOWN = "sitting.shown"  # facts: photos=[numbers] (held up to the customer; empty: nothing any more)
    SITTING_ENDED = "sitting.ended"  # facts: minutes, shows (how often something was held up)
    ORIGINALS_WANTED = "originals.wanted"  # facts: wanted, price_minor
    PRICE_LOWERED = "price.lowered"  # facts: slot (name), included=[former, new], price_minor=[former, new], reason
    PHOTO_NOTED = "photo.noted"  # facts: photo
    SELECTION_SUBMITTED = "selection.submitted"  # facts: picked, extra, extra_total_minor, currency, suggested
    SELECTION_UNLOCKED = "selection.unlocked"  # facts: reason
    SEAT_CHANGED = "seat.changed"  # facts: seat, name, role=[former, new], guest, or shares
    SEATS_DEFAULT_CHANGED = "seats.default_changed"  # facts: shares
    PIN_CHANGED = "pin.changed"  # facts: seat, name, what (made · renewed · closed)
    PART_SIGNED = "part.signed"  # facts: part, picked, beyond, beyond_minor, currency, name
    PART_REOPENED = "part.reopened"  # facts: part, reason
    REOPENING_ASKED = "reopening.asked"  # facts: reason, add=[numbers], drop=[numbers]
    REOPENING_WITHDRAWN = "reopening.withdrawn"
    REOPENING_DECLINED = "reopening.declined"  # facts: reason
    REOPENING_OFFERED = "reopening.offered"  # facts: price_minor, currency, add=[numbers], drop=[numbers], reason
    REOPENING_ARRANGED = "reopening.arranged"  # facts: placements=[[photo, slot, is in]] of an open change
    REOPENING_AGREED = "reopening.agreed"  # facts: price_minor, currency, name, add=[numbers], drop=[numbers],
    # uses=[[slot, photo, is in]]
    REOPENING_REFUSED = "reopening.refused"  # facts: price_minor, currency
    CONSENT_GIVEN = "consent.given"  # facts: photos, purposes, until, name
    CONSENT_REVOKED = "consent.revoked"  # facts: photos, samples (how many left the library), name
    REVOCATION_NOTED = "consent.noted"
    SAMPLES_ADDED = "samples.added"  # facts: photos=[numbers], what (its kind)
    WORKS_ADDED = "works.added"  # facts: photos (how many), whose, until (empty: no end)
    RELEASE_ENDED = "release.ended"  # facts: whose, samples (that left the library)
    SAMPLE_REMOVED = "sample.removed"  # facts: photo
    RETOUCH_STARTED = "retouch.started"  # facts: retoucher, due, rounds
    RETOUCH_STOPPED = "retouch.stopped"  # facts: reason
    RETOUCH_ASSIGNED = "retouch.assigned"  # facts: retoucher, due
    FINALS_RECEIVED = "finals.received"  # facts: count
    FINAL_READY = "final.ready"  # facts: photo (the final's own number)
    FINAL_REFUSED = "final.refused"  # facts: photo, file_name, code
    FINAL_PLACED = "final.placed"  # facts: photo, file_name (a person said which photograph is meant)
    FINAL_DISCARDED = "final.discarded"  # facts: file_name
    FINAL_JUDGED = "final.judged"  # facts: verdicts=[[photo, version, value]]
    ROUND_SENT = "round.sent"  # facts: round, rounds, photos
    ROUND_RETURNED = "round.returned"  # facts: round, accepted, changed
    ROUND_GRANTED = "round.granted"  # facts: round, price_minor, currency, reason
    ROUND_AGREED = "round.agreed"  # facts: round, price_minor, currency, name
    ROUND_DECLINED = "round.declined"  # facts: round, price_minor, currency
    RETOUCH_SIGNED = "retouch.signed"  # facts: round, photos, name
    ALBUM_STARTED = "album.started"  # facts: album, name, designer, due, rounds
    ALBUM_ASSIGNED = "album.assigned"  # facts: album, name, designer, due
    ALBUM_STOPPED = "album.stopped"  # facts: album, name, reason
    ALBUM_ARRANGED = "album.arranged"  # facts: album, spreads (how many the draft at work has now)
    SPREADS_RECEIVED = "spreads.received"  # facts: count
    SPREAD_READY = "spread.ready"  # facts: photo (the spread's own number)
    SPREAD_REFUSED = "spread.refused"  # facts: photo, file_name, code
    ALBUM_SENT = "album.sent"  # facts: album, name, draft, round, rounds, spreads, changed
    ALBUM_COMMENTED = "album.commented"  # facts: album, spread (its own number), swap
    ALBUM_SETTLED = "album.settled"  # facts: album, spread, outcome ("" when it was opened again)
    ALBUM_JUDGED = "album.judged"  # facts: album, verdicts=[[spread, value]]
    ALBUM_RETURNED = "album.returned"  # facts: album, name, draft, round, approved, comments
    ALBUM_WAIVED = "album.waived"  # facts: album, name, round, reason
    ALBUM_PRICED = "album.priced"  # facts: album, name, round, price_minor, currency, reason
    ALBUM_AGREED = "album.agreed"  # facts: album, name, round, price_minor, currency, signer
    ALBUM_DECLINED = "album.declined"  # facts: album, name, round, price_minor, currency
    ALBUM_REMINDED = "album.reminded"  # facts: album, name, draft, days (unanswered)
    ALBUM_APPROVED = "album.approved"  # facts: album, name, draft, spreads, signer
    GALLERY_DELIVERED = "gallery.delivered"  # facts: files, until, checked_by
    DELIVERY_EXTENDED = "delivery.extended"  # facts: former, until
    FILES_GRANTED = "files.granted"  # facts: originals (chosen · all), files, reason
    DELIVERY_WARNED = "delivery.warned"  # facts: days, files (not fetched yet)
    GALLERY_ARCHIVED = "gallery.archived"  # facts: reason (empty: the day had come), until
    GALLERY_REVIVED = "gallery.revived"  # facts: until, reason, price_text
    STORY_SAVED = "story.saved"  # facts: title, photos, published
    CLIP_RECEIVED = "clip.received"  # facts: count
    CLIP_READY = "clip.ready"  # facts: clip (its number), file_name, seconds
    CLIP_REFUSED = "clip.refused"  # facts: photo (its number), file_name, code
    CLIP_REMOVED = "clip.removed"  # facts: clip, file_name
    CLIP_RESTORED = "clip.restored"  # facts: clip, file_name
    STORY_SHARED = "story.shared"  # facts: shared (false: the link was taken back)
    ORIGINAL_OPENED = "original.opened"  # facts: photo, file_name
    CUSTOMER_LOGGED_IN = "customer.logged_in"
    # booking: wishes, shooting plan, the way to a firm date
    BRIEF_SENT = "brief.sent"  # facts: styles, pictures (how many), rev
    PLAN_SENT = "plan.sent"  # facts: version, looks (how many)
    PLAN_RETURNED = "plan.returned"  # facts: version, answer
    PLAN_CONFIRMED = "plan.confirmed"  # facts: version
    BOOKING_HELD = "booking.held"  # facts: at, zone, expires, price_minor, currency, origin
    BOOKING_FIRM = "booking.firm"  # facts: at, zone
    BOOKING_LAPSED = "booking.lapsed"  # facts: at, zone
    BOOKING_STRANDED = "booking.stranded"  # facts: at, zone, price_minor (paid), currency
    BOOKING_CANCELLED = "booking.cancelled"  # facts: reason, price_minor (goes back), currency
    DATE_PROPOSED = "date.proposed"  # facts: was, at, zone, expires, reason
    DATE_ACCEPTED = "date.accepted"  # facts: was, at, zone
    DATE_DECLINED = "date.declined"  # facts: at, zone, reason
    # catalog
    PACKAGE_PUBLISHED = "package.published"  # facts: package, version, digest
    PRICES_CHANGED = "prices.changed"  # facts: name, what (saved · dropped), and the rule as it is or was
    COUPON_SAVED = "coupon.saved"  # facts: code, name
    COUPON_USED = "coupon.used"  # facts: code, name, amount_minor, currency
    COUPON_RELEASED = "coupon.released"  # facts: code, name
    # scheduling. facts of every appointment: code, title, what (its kind), at (its start), zone
    APPOINTMENT_HELD = "appointment.held"  # facts: expires (the hold's end)
    APPOINTMENT_CONFIRMED = "appointment.confirmed"
    APPOINTMENT_RELEASED = "appointment.released"
    APPOINTMENT_EXPIRED = "appointment.expired"
    APPOINTMENT_MOVED = "appointment.moved"  # facts: was (the former start), reason, crew=[former names, new names]
    APPOINTMENT_CANCELLED = "appointment.cancelled"  # facts: reason
    APPOINTMENT_DONE = "appointment.done"
    APPOINTMENT_NOTED = "appointment.noted"  # title or note changed
    LENDING_AGREED = "lending.agreed"  # facts: resource, lender (branch)
    LENDING_REFUSED = "lending.refused"  # facts: resource, lender (branch), reason
    CALENDAR_KEPT = "calendar.kept"  # facts: what (resource · hours · holiday · shifts · leave · rules · feed), name
    WAITING_ADDED = "waiting.added"  # facts: title, first, last
    WAITING_OFFERED = "waiting.offered"  # facts: title, at, expires, zone
    WAITING_CLOSED = "waiting.closed"  # facts: title, reason
    # finance; money facts are `price_minor` and `currency`
    CHARGE_POSTED = "charge.posted"  # facts: title, what (its kind), price_minor
    CHARGE_REVERSED = "charge.reversed"  # facts: title, price_minor, reason
    DISCOUNT_GIVEN = "discount.given"  # facts: price_minor, reason
    PAYMENT_RECEIVED = "payment.received"  # facts: price_minor, method, receipt, flags
    PAYMENT_AUDITED = "payment.audited"  # facts: receipt, price_minor
    PAYMENT_CORRECTED = "payment.corrected"  # facts: receipt, price_minor, reason
    PAYMENT_CLAIMED = "payment.claimed"  # facts: price_minor, method
    CLAIM_DECLINED = "claim.declined"  # facts: price_minor, reason
    PAYMENT_ODD = "payment.odd"  # facts: reference, price_minor, currency (as it came)
    REFUND_STARTED = "refund.started"  # facts: price_minor, reason, parts
    REFUND_DONE = "refund.done"  # facts: price_minor, method
    REFUND_FAILED = "refund.failed"  # facts: price_minor, code
    INVOICE_ASKED = "invoice.asked"  # facts: title, price_minor
    INVOICE_ISSUED = "invoice.issued"  # facts: number, price_minor
    INVOICE_CANCELLED = "invoice.cancelled"  # facts: number, reason
    DAY_CLOSED = "day.closed"  # facts: day, difference_minor, currency (on the thread of the day's book)
    DEBT_REMINDED = "debt.reminded"  # facts: price_minor
    PROOF_ADDED = "proof.added"  # facts: receipt (of the payment or deal that it is a photograph of)
    DISPUTE_OPENED = "dispute.opened"  # facts: price_minor, receipt, reason
    DISPUTE_WON = "dispute.won"  # facts: price_minor, receipt
    DISPUTE_LOST = "dispute.lost"  # facts: price_minor, receipt
    VALUE_BOUGHT = "value.bought"  # facts: price_minor, gift_minor, currency, method, receipt (thread value.<customer>)
    VALUE_ASKED = "value.asked"  # facts: price_minor, gift_minor, currency (a top-up by a pay route was begun)
    VALUE_DECLINED = "value.declined"  # facts: price_minor, currency, code: over · twice · cap (it goes back)
    VALUE_TAKEN_BACK = "value.taken_back"  # facts: price_minor (principal), gift_minor, currency, reason
    VALUE_PAID_OUT = "value.paid_out"  # facts: price_minor, currency, method, receipt, reason
    VALUE_CORRECTED = "value.corrected"  # facts: price_minor, currency, receipt, reason
    POINTS_GIVEN = "points.given"  # facts: points (negative: used), reason
    MONTH_SETTLED = "month.settled"  # facts: month, price_minor, currency, first, second (branches' names)
    # -- contracts
    CONTRACT_COMPOSED = "contract.composed"  # facts: number, title
    CONTRACT_SENT = "contract.sent"  # facts: number, until, signers (names)
    CONTRACT_SIGNED = "contract.signed"  # facts: number, name, left (how many still have to sign)
    CONTRACT_COUNTERSIGNED = "contract.countersigned"  # facts: number
    CONTRACT_DECLINED = "contract.declined"  # facts: number, name, reason
    CONTRACT_EXPIRED = "contract.expired"  # facts: number
    CONTRACT_WITHDRAWN = "contract.withdrawn"  # facts: number, reason
    CONTRACT_NOTIFIED = "contract.notified"  # facts: number, reason (an annex that only tells)
    CONTRACT_SEALED = "contract.sealed"  # facts: number (the final file with its certificate is there)
    # -- people: how colleagues get in (thread staff.<user>, of invitations staff.invitations)
    STEP_SET = "step.set"  # facts: what (app · passkey · codes)
    STEP_DROPPED = "step.dropped"  # facts: what (app · passkey)
    STEP_RESET = "step.reset"  # facts: name (whose second step was taken away by somebody else)
    STEP_RULED = "step.ruled"  # facts: roles, since (roles that must have a second step, and from which day)
    LOGIN_RECOVERED = "login.recovered"  # facts: name (who forgot it and proved by a code who they are)
    LOGINS_ENDED = "logins.ended"  # facts: name, count
    COLLEAGUE_INVITED = "colleague.invited"  # facts: name, jobs=[[role, branch or null]]
    INVITATION_RENEWED = "invitation.renewed"  # facts: name
    INVITATION_REVOKED = "invitation.revoked"  # facts: name
    COLLEAGUE_JOINED = "colleague.joined"  # facts: name, username, jobs


class EventStream(models.Model):
    """The counter of one stream. `epoch` changes on restore, so that clients start over."""

    name = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)
    epoch = models.IntegerField(default=1)

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return f"{self.name}#{self.seq}"


class Event(models.Model):
    """One thing that happened. Append-only. The actor's name is a copy: history outlives people."""

    stream = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    thread = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=40, choices=Kind)
    subject = models.CharField(max_length=60, help_text="<model>.<pk> of the object the event is about")
    actor_kind = models.CharField(max_length=10, default="system")  # staff · customer · system
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "core"
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_number_unique")]
        indexes = [
            models.Index(fields=["thread", "-id"], name="event_thread"),
            models.Index(
                fields=["stream", "at"],
                name="event_selections",  # for reports: few among the many events of a board
                condition=models.Q(
                    kind__in=[
                        "selection.submitted",
                        "selection.unlocked",
                        "reopening.agreed",
                        "round.agreed",
                        "album.agreed",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"


class Subject(Protocol):
    """What an object must offer to have events: its stream and its thread."""

    pk: Any

    @property
    def event_stream(self) -> str: ...

    @property
    def event_thread(self) -> str: ...


def record(
    kind: Kind,
    subject: Subject,
    actor: Any = None,
    *,
    stream: str = "",
    carry: dict[str, Any] | None = None,
    along: Sequence[rows.Part] = (),
    **facts: Any,
) -> Event:
    """Append an event to the subject's stream (or `stream`) and poke that stream's screens after commit.

    Call it last in the transaction: it holds the stream's row lock until commit. With two streams in one transaction
    record the gallery's first and the board's last (`core.kernel.states.lock`). `actor` is a User, a Customer or None.

    Rooms above that must act on a kind are named in settings.EVENT_FOLLOWERS: their jobs run after the commit.

    `carry` travels with the poke for readers who cannot wait for HTTP: staff of the stream get it whole, everybody else
    what their lens (`core.realtime.streams`) lets through. It is not stored. `along` are the caller's own last writes,
    made in the same trip to the server: for what happens at every tap.
    """
    name = stream or subject.event_stream
    event = Event(
        stream=name,
        thread=subject.event_thread,
        kind=kind,
        subject=f"{type(subject).__name__.lower()}.{subject.pk}",
        facts=facts,
        **actor_fields(actor),
    )
    epoch = _append(event, along)
    for path in settings.EVENT_FOLLOWERS.get(str(kind), ()):
        import_string(path).defer(thread=event.thread, key=event.thread)
    message = {"type": str(kind), "seq": event.seq, "epoch": epoch, "thread": event.thread, "subject": event.subject}
    live.poke(name, message | (carry or {}))
    return event


def _append(event: Event, along: Sequence[rows.Part]) -> int:
    """Number and store the event in one round trip; its `seq` and `pk` are set, the stream's epoch is returned."""
    values = [value for part in along for value in part.values]
    values += [event.stream, event.thread, event.kind, event.subject, event.actor_kind, event.actor_id]
    statement = "WITH " + "".join(f"{part.sql}, " for part in along) + _APPEND
    answer = rows.run(statement, [*values, event.actor_name, json.dumps(event.facts), event.at])
    event.pk, event.seq, epoch = answer.fetchone()
    event._state.adding = False
    return int(epoch)


_APPEND = """
counted AS (
  INSERT INTO core_eventstream (name, seq, epoch) VALUES (%s, 1, 1)
  ON CONFLICT (name) DO UPDATE SET seq = core_eventstream.seq + 1 RETURNING name, seq, epoch
), appended AS (
  INSERT INTO core_event (stream, seq, thread, kind, subject, actor_kind, actor_id, actor_name, facts, at)
  SELECT name, seq, %s, %s, %s, %s, %s::bigint, %s, %s::jsonb, %s::timestamptz FROM counted RETURNING id
) SELECT id, seq, epoch FROM appended, counted
"""


def actor_fields(actor: Any) -> dict[str, Any]:
    """The copy of an actor kept on an event."""
    if actor is None:
        return {"actor_kind": "system"}
    kind = "staff" if actor._meta.label_lower == "accounts.user" else "customer"
    return {"actor_kind": kind, "actor_id": actor.pk, "actor_name": actor.name}


def position(stream: str) -> tuple[int, int]:
    """(epoch, seq) of a stream now; (1, 0) when nothing happened on it yet."""
    row = EventStream.objects.filter(name=stream).values_list("epoch", "seq").first()
    return row or (1, 0)


def positions(streams: list[str]) -> dict[str, tuple[int, int]]:
    """`position` of many streams in one query."""
    found = EventStream.objects.filter(name__in=streams).values_list("name", "epoch", "seq")
    rows = {name: (epoch, seq) for name, epoch, seq in found}
    return {name: rows.get(name, (1, 0)) for name in streams}


def latest(thread: str) -> int:
    """Id of the thread's newest event; 0 when there is none. Grows with every event of the thread."""
    return Event.objects.filter(thread=thread).order_by("-id").values_list("id", flat=True).first() or 0


def since(stream: str, seq: int, limit: int = 500) -> list[Event] | None:
    """Events after `seq`, oldest first; None when there are more than `limit`: take a snapshot instead."""
    events = list(Event.objects.filter(stream=stream, seq__gt=seq).order_by("seq")[: limit + 1])
    return None if len(events) > limit else events


def thread(name: str, limit: int = 100) -> list[Event]:
    """The latest events of a thread, newest first."""
    return list(Event.objects.filter(thread=name).order_by("-id")[:limit])
