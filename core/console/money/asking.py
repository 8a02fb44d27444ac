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


def ask(request: HttpRequest, account: Account, form: forms.BaseForm, **words: Any) -> HttpResponse:
    """A form about an account: `title`, `submit`, perhaps `text` and `danger`."""
    context = {
        "order": account, "form": form, "back": back_of(request, account), "action": request.get_full_path(), **words,
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return page(request, "console/orders/form.html", context, partial="form", status=status)


def settle(request: HttpRequest, account: Account, work: Callable[[], Any], done: str) -> HttpResponse:
    """Do it, say how it went, back to where it was begun."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, done)
    return redirect(back_of(request, account))
