"""What the owner of the first studio finds under "Studio": an export that is ready, a support visit that is over."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from infra.seed.build import FIRST
from tenants.context import in_public
from tenants.life import exporting, support
from tenants.life.models import SupportStep
from tenants.models import Studio

SEEN = ["/console/board/", "/console/calendar/?view=week", "/console/outbox/?state=failed"]


def tell(say: Callable[[str], None]) -> None:
    """Ask for an export (the worker makes it) and let support have looked for a while."""
    with in_public():
        studio = Studio.objects.get(slug=FIRST)
    visit = support.ask_visit(
        studio=studio, operator="anna", reason="短信发送失败：查看消息记录和看板（工单 1047）", minutes=30
    )
    with in_public():
        now = timezone.now()
        SupportStep.objects.bulk_create(
            SupportStep(visit=visit, method="GET", path=path, status=200, at=now + dt.timedelta(seconds=20 * number))
            for number, path in enumerate(SEEN)
        )
    support.end_visit(studio=studio, code=visit.code, actor="anna")
    exporting.ask_export(studio=studio, actor="陈思远", with_files=False)
    say("an export and a support visit")
