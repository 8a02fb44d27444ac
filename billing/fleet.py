"""Every studio in one table, for operators: how it stands, what it uses, whether its schema is where the code is."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from billing.models import Subscription, UsageDay
from billing.standing import READ_ONLY, Standing, standing_of_row
from tenants import migrator, queue
from tenants.models import Studio


@dataclass(frozen=True, slots=True)
class Line:
    """A studio in the table of all."""

    studio: Studio
    subscription: Subscription | None
    standing: Standing | None
    use: UsageDay | None
    is_current: bool
    failed_jobs: int

    @property
    def is_lapsed(self) -> bool:
        return bool(self.standing and self.standing.state == READ_ONLY)


def lines_of(studios: list[Studio]) -> list[Line]:
    """Four questions, however many studios: figures are the newest daily review's, so no studio is asked."""
    now, current = timezone.now(), set(migrator.current_schemas())
    newest = UsageDay.objects.filter(studio__in=studios).order_by("studio", "-day").distinct("studio")
    uses = {use.studio_id: use for use in newest}
    failed = queue.failed_by_schema([studio.schema_name for studio in studios])
    return [_line(studio, now, current, uses, failed) for studio in studios]


def _line(studio: Studio, now: Any, current: set[str], uses: dict[int, UsageDay], failed: dict[str, int]) -> Line:
    row = getattr(studio, "subscription", None)
    return Line(
        studio,
        row,
        standing_of_row(row, now) if row else None,
        uses.get(studio.pk),
        studio.schema_name in current,
        failed.get(studio.schema_name, 0),
    )
