"""A deed about an account: the form that asks, doing it, saying how it went."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.console.money.finding import back_of
from core.console.sentences import refusal_sentence
from core.finance.models import Account
from core.kernel.errors import Refusal
from core.kernel.htmx import page

# What a refusal is about → the field
PLACES = dict.fromkeys(("amount", "discount", "refund", "pay"), "amount") | {"day": "day", "reason": "reason"}


def ask(request: HttpRequest, account: Account, form: forms.BaseForm, **words: Any) -> HttpResponse:
    """A form about an account: `title`, `submit`, perhaps `text` and `danger`."""
    context = {
        "order": account, "form": form, "back": back_of(request, account), "action": request.get_full_path(), **words,
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return page(request, "console/orders/form.html", context, partial="form", status=status)


def settle(
    request: HttpRequest,
    account: Account,
    work: Callable[[], Any],
    done: str,
    form: forms.BaseForm | None = None,
    **words: Any,
) -> HttpResponse:
    """Do it, say how it went, back to where it was begun. With the `form` that asked (and the words of `ask`) a refusal
    stands in it, beside the field that it is about, and nothing typed is lost.
    """
    try:
        work()
    except Refusal as refusal:
        if form is not None:
            place = PLACES.get(refusal.code.partition(".")[0], "")
            form.add_error(place if place in form.fields else None, refusal_sentence(refusal))
            return ask(request, account, form, **words)
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, done)
    return redirect(back_of(request, account))
