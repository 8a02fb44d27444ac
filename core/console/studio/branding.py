"""The owner's page of the brand: name, logo, colour with its contrast, language and time zone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.console.access import requires
from core.console.studio.forms import ColourForm, LogoForm, NameForm, PlaceForm
from core.console.studio.sentences import brand_sentence
from core.console.studio.views import owner_studio, tabs_of
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.studios import brand as verbs
from tenants import brand

HOUSE = "#A8322A"  # --brand of css/tokens.css


@requires(Capability.KEEP_STUDIO)
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """How the studio looks now; `?colour=` how it would look, with the contrast the server computes."""
    return render(request, "console/studio/brand.html", _shown(request))


def _shown(request: HttpRequest) -> dict[str, Any]:
    studio = owner_studio(request)
    asked = ColourForm({"colour": request.GET["colour"]}) if request.GET.get("colour") else None
    wanted = asked.cleaned_data["colour"] if asked is not None and asked.is_valid() else ""
    hue = brand.hue_of(wanted) if wanted else studio.brand_hue
    shown = wanted or (brand.light_set(hue)[0] if hue is not None else HOUSE)
    return {
        "name_form": NameForm(initial={"name": studio.name}),
        "colour_form": asked or ColourForm(initial={"colour": shown}),
        "logo_form": LogoForm(),
        "place_form": PlaceForm(initial={"language": studio.language, "timezone": studio.timezone}),
        "wanted": wanted,
        "is_itself": all(brand.readable(wanted)) if wanted else True,
        "looks": looks_of(hue),
        "hue": hue,
        "tabs": tabs_of("console:studio:brand"),
    }


@requires(Capability.KEEP_STUDIO)
@require_POST
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return render(request, "console/studio/brand.html", {**_shown(request), "name_form": form}, status=422)
    return _done(request, lambda studio, who: verbs.set_name(studio=studio, actor=who, **form.cleaned_data))


@requires(Capability.KEEP_STUDIO)
@require_POST
def colour(request: HttpRequest) -> HttpResponse:
    """Take the hue of the colour that is shown; `house` takes the platform's."""
    form = ColourForm(request.POST)
    if "house" in request.POST:
        return _done(request, lambda studio, who: verbs.set_hue(studio=studio, actor=who, hue=None))
    if not form.is_valid() or not form.cleaned_data["colour"]:
        messages.error(request, brand_sentence(Refusal("brand.hue")))
        return redirect("console:studio:brand")
    hue = brand.hue_of(form.cleaned_data["colour"])
    return _done(request, lambda studio, who: verbs.set_hue(studio=studio, actor=who, hue=hue))


@requires(Capability.KEEP_STUDIO)
@require_POST
def logo(request: HttpRequest) -> HttpResponse:
    """A new logo, or none (`drop`)."""
    if "drop" in request.POST:
        return _done(request, lambda studio, who: verbs.drop_logo(studio=studio, actor=who))
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, brand_sentence(Refusal("brand.no_picture")))
        return redirect("console:studio:brand")
    sent = form.cleaned_data["logo"]
    body = sent.read(verbs.MOST_BYTES + 1)
    return _done(request, lambda studio, who: verbs.set_logo(studio=studio, actor=who, body=body))


@requires(Capability.KEEP_STUDIO)
@require_POST
def place(request: HttpRequest) -> HttpResponse:
    told = {"language": request.POST.get("language", ""), "timezone": request.POST.get("timezone", "")}
    return _done(request, lambda studio, who: verbs.set_place(studio=studio, actor=who, **told))


def looks_of(hue: int | None) -> list[dict[str, Any]]:
    """For light and dark pages: the colour, and the least contrast of any text with its ground."""
    if hue is None:
        return []
    found = []
    for name, made, grounds in (
        ("light", brand.light_set(hue), brand.LIGHT_GROUNDS),
        ("dark", brand.dark_set(hue), brand.DARK_GROUNDS),
    ):
        colour, on, soft = made
        least = min(brand.contrast(colour, ground) for ground in (*grounds, on, soft))
        found.append({"name": name, "colour": colour, "ground": grounds[0], "on": on, "contrast": round(least, 1)})
    return found


def _done(request: HttpRequest, work: Callable[[Any, str], Any]) -> HttpResponse:
    studio = owner_studio(request)
    try:
        work(studio, str(request.user))
    except Refusal as refusal:
        messages.error(request, brand_sentence(refusal))
    else:
        messages.success(request, _("Saved. Every page shows it within seconds."))
    return redirect("console:studio:brand")
