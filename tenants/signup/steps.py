"""What the steps share: reading the draft, answering a form, showing a page."""

import secrets
import time
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tenants.signup import draft
from tenants.signup.codes import sign_up_of
from tenants.signup.contact import Contact
from tenants.signup.models import SignUp

Draft = dict[str, dict[str, Any]]


def begin(typed: Draft) -> Draft:
    """The draft with the key of its sign-up and the moment it began; what an earlier one opened is left behind."""
    fresh = {"key": secrets.token_hex(16), "at": int(time.time())}
    return {"began": fresh, **{name: value for name, value in typed.items() if name != "opened"}}


def key_of(typed: Draft) -> str:
    return str(typed.get("opened", typed.get("began", {})).get("key", ""))


def contact_of(typed: Draft) -> Contact:
    return Contact(typed["owner"]["owner_contact"])


def verified(typed: Draft) -> bool:
    """Whether the owner that the draft names has typed the code."""
    row: SignUp | None = sign_up_of(key_of(typed), contact_of(typed))
    return row is not None and row.verified_at is not None


def missing(typed: Draft, *, code: bool = False) -> str:
    """The step that has to come first, as a URL name; "" when none. `code`: also the owner's code."""
    if "opened" in typed:
        return "platform:signup-building"
    if "studio" not in typed or "began" not in typed:
        return "platform:signup"
    if "owner" not in typed:
        return "platform:signup-owner"
    return "platform:signup-code" if code and not verified(typed) else ""


def sent(request: HttpRequest, typed: Draft, step: str) -> Any:
    return request.POST if request.method == "POST" else draft.mistaken(typed, step)


def answer(form: Form, typed: Draft, step: str, *, here: str, onward: str) -> HttpResponse:
    """To the next step, or to this one with its mistakes; never a page in answer to a POST: Back would not find it."""
    if form.is_valid():
        response, typed = redirect(onward), draft.with_step(typed, step, form.cleaned_data)
    else:
        typed_now = {name: str(form.data[name]) for name in form.fields if name in form.data}
        response, typed = redirect(here), draft.with_mistakes(typed, step, typed_now)
    draft.write(response, typed)
    return response


def page(request: HttpRequest, form: Any, number: int, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "number": number,
        "steps": [_("Studio"), _("Owner"), _("Verification code"), _("Address")],
        "suffix": suffix(),
        **more,
    }
    if status == 200 and form.is_bound and form.errors:
        status = 422
    return render(request, f"tenants/signup/step{number}.html", context, status=status)


def suffix() -> str:
    return f".{settings.PLATFORM_HOST}"
