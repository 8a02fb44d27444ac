"""One line per URL of the studio host: how to ask for it. A URL without a line fails test_access."""

from tests.architecture.samples.asking import Sample
from tests.architecture.samples.console import CONSOLE
from tests.architecture.samples.portal import PORTAL
from tests.architecture.samples.selection import SELECTION

__all__ = ["SAMPLES", "Sample"]

SAMPLES = {**CONSOLE, **SELECTION, **PORTAL}
