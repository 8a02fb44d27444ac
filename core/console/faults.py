"""Everything wrong on a page of several forms, for the summary at its top."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass(frozen=True, slots=True)
class Fault:
    """One message; `field_id` leads to its field, and is empty when it is about no single one."""

    text: str
    label: str = ""
    field_id: str = ""


def faults_of(single: Iterable[forms.BaseForm], sets: Iterable[Any] = ()) -> list[Fault]:
    """The faults of bound forms and formsets, in the order of the page."""
    found: list[Fault] = []
    for form in single:
        found += _of_form(form)
    for formset in sets:
        if formset.is_bound:
            found += [Fault(str(text)) for text in formset.non_form_errors()]
            for form in formset:
                found += _of_form(form)
    return found


def _of_form(form: forms.BaseForm) -> list[Fault]:
    faults = [Fault(str(text)) for text in form.non_field_errors()]
    for bound in form:
        faults += [Fault(str(text), str(bound.label), bound.id_for_label) for text in bound.errors]
    return faults
