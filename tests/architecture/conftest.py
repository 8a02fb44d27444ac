"""Thousands of pages are asked here for their status and their text alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Template


@pytest.fixture(scope="package", autouse=True)
def _plain_rendering(django_test_environment: None) -> Iterator[None]:
    """Without the copies of every template's context that Django's test client keeps: a tenth of these tests' time."""
    from django.test.utils import _TestState

    kept: Any = Template._render
    Template._render = _TestState.saved_data.template_render
    yield
    Template._render = kept
