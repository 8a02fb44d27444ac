"""What the pages show: the round, its photographs, words and addresses for the scripts."""

import json
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from core.kernel import events
from portal.retouch.forms import SENTENCES, OfferForm, SignForm, VerdictForm
from selection.retouch.enums import Verdict
from selection.retouch.selectors import Proof, Proofing, proofing_of
from selection.selectors import gallery_for_customer
from selection.services import enter_gallery

FILTERS = ["all", "left", Verdict.CHANGE, Verdict.ACCEPT]


def found(request: HttpRequest, code: str) -> Proofing:
    """The retouching of the customer's gallery; 404 for a gallery they may not open, or before it begins."""
    gallery = gallery_for_customer(request.customer, code)
    if gallery is None:
        raise Http404
    chooser = enter_gallery(customer=request.customer, gallery=gallery)
    chooser.gallery = gallery
    proofing = proofing_of(gallery, chooser)
    if proofing is None:
        raise Http404
    return proofing


def proof_or_404(proofing: Proofing, number: int) -> Proof:
    """The photograph of the round."""
    proof = next((proof for proof in proofing.proofs if proof.number == number), None)
    if proof is None:
        raise Http404
    return proof


def context(proofing: Proofing, **more: Any) -> dict[str, Any]:
    """For both pages."""
    gallery = proofing.gallery
    return {
        "proofing": proofing,
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "socket": f"{get_script_prefix()}ws/gallery/{gallery.code}/",
        "position": json.dumps({gallery.event_stream: list(events.position(gallery.event_stream))}),
        "verdicts_url": reverse("selection-api:verdicts", args=[gallery.code]),
        "who": f"{gallery.code}.{proofing.chooser.pk}",
        "words": words(),
        "sign_form": SignForm(),
        "offer_form": OfferForm(initial={"price_minor": proofing.offer.price_minor if proofing.offer else 0}),
        **more,
    }


def photo_context(proofing: Proofing, proof: Proof, form: VerdictForm) -> dict[str, Any]:
    """`context` of one photograph: its neighbours, and where to go when something was said of it."""
    code = proofing.gallery.code
    before, after = proofing.around(proof.number)
    following = proofing.next_after(proof.number)
    form.fields["note"].widget.attrs["data-draft"] = f"final-{code}-{proof.number}"
    onward = reverse("portal:retouch-photo", args=[code, following]) if following else ""
    return context(
        proofing,
        proof=proof,
        before=before,
        after=after,
        form=form,
        next_url=onward or reverse("portal:retouch", args=[code]),
    )


def words() -> dict[str, Any]:
    """For js/retouch/*.js."""
    return {
        "unsent": {
            "one": _("No connection: {n} answer is kept on this phone and sent as soon as possible."),
            "other": _("No connection: {n} answers are kept on this phone and sent as soon as possible."),
        },
        "unsentSession": _("Please log in again; your answers are kept on this phone."),
        "unsentRefused": {"one": _("{n} answer could not be saved"), "other": _("{n} answers could not be saved")},
        "endLater": _("Your answers are still on their way. Please try again when you are online."),
        "verdictPhoto": _("Photo {n}:"),
        **{f"why_{code.replace('.', '_')}": str(text) for code, text in SENTENCES.items()},
    }


def tabs(proofing: Proofing, show: str) -> list[dict[str, Any]]:
    """What the overview can show."""
    rows = [
        ("all", _("All"), len(proofing.proofs)),
        ("left", _("To look at"), proofing.left),
        (Verdict.CHANGE, _("To change"), proofing.changed),
        (Verdict.ACCEPT, _("Accepted"), proofing.accepted),
    ]
    return [{"label": label, "count": n, "url": f"?show={name}", "current": name == show} for name, label, n in rows]


def shown(proofing: Proofing, show: str) -> list[Proof]:
    """The photographs that `show` (FILTERS) names."""
    if show == "all":
        return proofing.proofs
    return [proof for proof in proofing.proofs if proof.value == ("" if show == "left" else show)]
