"""What a customer does with a draft: each a POST to a noun of its own, and back to a page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.errors import Refusal
from core.people.evidence import evidence
from portal.album.forms import ApprovalForm, CommentForm, OfferForm, SettleForm, SwapForm, WordForm, sentence
from portal.album.pages import context, found, leaf_or_404, spread_context
from selection.album import services
from selection.album.enums import Word
from selection.album.selectors import AlbumView, swaps_of
from tenants.access import declare

customer = declare("customer")


def _home(view: AlbumView) -> HttpResponse:
    return redirect("portal:album", view.gallery.code, view.album.number)


def _spread(view: AlbumView, position: int) -> HttpResponse:
    return redirect("portal:album-spread", view.gallery.code, view.album.number, view.draft.number, position)


def _settle(request: HttpRequest, work: Callable[[], Any], done: str) -> bool:
    """Do the work and say how it went."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return False
    if done:
        messages.success(request, done)
    return True


def _of(view: AlbumView) -> dict[str, Any]:
    """Whose album, which draft."""
    return {"chooser": view.chooser, "album": view.album, "draft": view.draft.number}


@customer
@require_POST
def judge(request: HttpRequest, code: str, album: int, draft: int, position: int) -> HttpResponse:
    """Approve one spread, and on to the next that waits; or take back what was said."""
    view = found(request, code, album, draft)
    leaf_or_404(view, position)
    form = WordForm(request.POST)
    if not form.is_valid():
        return _spread(view, position)
    told = form.cleaned_data
    if not _settle(request, lambda: services.judge_spread(**_of(view), **told), ""):
        return _home(view)
    following = view.next_after(position)
    if told["value"] != Word.APPROVE:
        return _spread(view, position)
    return _spread(view, following) if following else _home(view)


@customer
@require_POST
def comment(request: HttpRequest, code: str, album: int, draft: int, position: int) -> HttpResponse:
    """Say what should be different, with a pin or without."""
    view = found(request, code, album, draft)
    leaf = leaf_or_404(view, position)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            services.add_comment(**_of(view), **form.said())
        except Refusal as refusal:
            form.add_error("text" if refusal.code.startswith("comment.") else None, sentence(refusal))
        else:
            return _spread(view, position)
    return render(request, "portal/album/spread.html", spread_context(view, leaf, form), status=422)


@customer
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, code: str, album: int, draft: int, position: int) -> HttpResponse:
    """Choose a photograph of the album and a chosen one that is not in it yet."""
    view = found(request, code, album, draft)
    leaf = leaf_or_404(view, position)
    if not view.is_open:
        return _home(view)
    form = SwapForm(request.POST or None, initial={"number": leaf.spread.number})
    if form.is_bound and form.is_valid():
        try:
            services.add_comment(**_of(view), **form.said())
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("Your wish is noted on this spread."))
            return _spread(view, position)
    told = context(view, leaf=leaf, form=form, swaps=swaps_of(view.gallery, view.album))
    return render(request, "portal/album/swap.html", told, status=422 if form.is_bound else 200)


@customer
@require_POST
def settle(request: HttpRequest, code: str, album: int, comment: int) -> HttpResponse:
    """A comment is settled, or opened again."""
    view = found(request, code, album)
    form = SettleForm(request.POST)
    if form.is_valid():
        told: dict[str, Any] = {"album": view.album, "comment": comment, "chooser": view.chooser, **form.cleaned_data}
        _settle(request, lambda: services.settle_comment(**told), "")
    said = next((one for one in view.said if one.comment.pk == comment), None)
    return _spread(view, said.position) if said and said.position else _home(view)


@customer
@require_POST
def give_back(request: HttpRequest, code: str, album: int, draft: int) -> HttpResponse:
    """Done: the designer's turn."""
    view = found(request, code, album, draft)
    done = _("Your wishes are with the designer. We tell you when the next draft is there.")
    _settle(request, lambda: services.return_draft(**_of(view)), done)
    return _home(view)


@customer
@require_POST
def approve(request: HttpRequest, code: str, album: int, draft: int) -> HttpResponse:
    """The whole album is right: signed by name."""
    view = found(request, code, album, draft)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        told = context(view, sign_form=form)
        return render(request, "portal/album/overview.html", told, status=422)
    given = {**form.cleaned_data, "evidence": evidence(request)}
    _settle(
        request, lambda: services.approve_album(**_of(view), **given), _("Thank you! You have approved your album.")
    )
    return _home(view)


@customer
@require_POST
def answer(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """Yes or no to a priced round."""
    view = found(request, code, album)
    who: dict[str, Any] = {"chooser": view.chooser, "album": view.album}
    if request.POST.get("answer") == "decline":
        done = _("No further round. You can look at your album again and approve it.")
        _settle(request, lambda: services.decline_album_round(**who), done)
        return _home(view)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/album/overview.html", context(view, offer_form=form), status=422)
    given = {"price_minor": form.cleaned_data["price_minor"], "signed_name": form.cleaned_data["agreed_name"]}
    work = {**who, **given, "evidence": evidence(request)}
    _settle(request, lambda: services.agree_album_round(**work), _("Thank you. The designer goes on."))
    return _home(view)
