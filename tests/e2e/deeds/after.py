"""Inside the clerk: retouching, albums, delivery."""

from pathlib import Path
from typing import Any

from tests.e2e.deeds.house import inside, user


def retouch(*, studio: str, gallery: str, numbers: list[int], begin: bool = False, send: bool = True) -> int:
    """Finals of these photographs, sent; `begin`: they are chosen, submitted, taken into retouch first. The round."""
    from selection.models import Gallery
    from selection.retouch.selectors import job_of
    from selection.retouch.services import send_round, start_retouching
    from tests.selection.retouch.make import add_final
    from tests.selection.retouch.make import submit as choose

    with inside(studio):
        found, boss = Gallery.objects.get(code=gallery), user("boss")
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

    with inside(studio):
        found, boss = Gallery.objects.get(code=gallery), user("boss")
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

    with inside(studio):
        found, boss = Gallery.objects.get(code=gallery), user("boss")
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

    with inside(studio):
        found = Gallery.objects.get(code=gallery)
        told = {"title": "雾散之前", "text": "第一段\n\n第二段", "numbers": numbers, "published": True}
        save_story(actor=user("boss"), gallery=found, **told)
        share = share_story(customer=main_chooser(found).customer, gallery=found, shared=True)
        return share.share_code or ""
