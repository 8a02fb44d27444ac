"""No event reaches a timeline as its bare name."""

import pytest

from core.console.sentences import COUNTED, EVENTS
from core.kernel.events import Kind


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_event_has_a_sentence(kind):
    assert kind in EVENTS or kind in COUNTED
