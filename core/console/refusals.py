"""A verb's no, put beside the field it is about."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal

PLAN_LIMITS = {"plan.branches", "plan.seats", "plan.messages"}
FIELDS = {
    "customer.phone_invalid": "phone",
    "customer.phone_letters": "phone",
    "customer.phone_landline": "phone",
    "customer.phone_taken": "phone",
    "staff.username_taken": "username",
    "package.name_taken": "name",
    "package.included_over_taken": "retouched_included",
    "coupon.code_taken": "code",
    "coupon.limit_below_used": "total_limit",
    "branch.code_in_use": "code",
    "branch.last_open": "is_active",
}


def apply_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Add the refusal's sentence to its field, or to the form when it is about no single field."""
    field: Any = refusal.facts.get("field") or FIELDS.get(refusal.code)
    form.add_error(field if field in form.fields else None, _with_way_out(refusal))


def _with_way_out(refusal: Refusal) -> str:
    """The sentence, and a link to whom it is about or to what would make room."""
    sentence = refusal_sentence(refusal)
    if refusal.code in PLAN_LIMITS:
        return format_html(
            '{} <a href="{}">{}</a>', sentence, reverse("console:subscription:plans"), _("See the plans")
        )
    if "customer" not in refusal.facts:
        return sentence
    url = reverse("console:customers:detail", args=[refusal.facts["customer"]])
    return format_html('{} <a href="{}">{}</a>', sentence, url, refusal.facts["name"])
