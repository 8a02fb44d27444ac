"""The log of the download door (R150). Best effort about the end, exact about the beginning."""

from django.db.models import F

from core.kernel import clock, live
from selection.delivery.models import Download
from selection.delivery.parcels import Parcel
from selection.delivery.ranges import Reply


def begin_download(*, parcel: Parcel, reply: Reply, address: str | None, agent: str) -> Download:
    """Write down who fetches what, from which byte on, before the first one leaves."""
    return Download.objects.create(
        gallery=parcel.gallery,
        customer=parcel.customer,
        what=parcel.what,
        name=parcel.name,
        etag=parcel.etag,
        total=parcel.total,
        first=reply.first,
        wanted=reply.size,
        address=address,
        agent=agent[:200],
        begun_at=clock.now(),
    )


def end_download(*, download_id: int, sent: int) -> None:
    """How many bytes left the house; finished when that is everything that was asked for."""
    row = Download.objects.filter(pk=download_id)
    row.update(sent=sent)
    row.filter(wanted=F("sent")).update(finished_at=clock.now())
    gallery = row.values_list("gallery_id", flat=True).first()
    live.poke(f"gallery.{gallery}", {"type": "download.ended", "seq": 0})
