"""A verb's no, put beside the field it is about."""

from typing import Any

from django import forms

from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal

FIELDS = {
    "customer.phone_invalid": "phone",
    "customer.phone_taken": "phone",
    "staff.username_taken": "username",
    "package.name_taken": "name",
    "package.included_over_taken": "retouched_included",
    "branch.taken": "name",
    "branch.code_in_use": "code",
}


def apply_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Add the refusal's sentence to its field, or to the form when it is about no single field."""
    field: Any = FIELDS.get(refusal.code)
    form.add_error(field if field in form.fields else None, refusal_sentence(refusal))
