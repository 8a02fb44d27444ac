"""Problems are logged against a stage and followed to closure (R005)."""

import pytest

from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.orders import services
from core.orders.enums import Stage
from core.orders.models import StageIssue
from tests.factories import make_order


def test_a_problem_is_raised_and_solved_once(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    issue = services.raise_issue(actor=clerk, order=order, stage=Stage.SHOOT, text=" Dress is torn ")
    services.close_issue(actor=clerk, issue=issue, resolution=" Mended ")
    kept = StageIssue.objects.get()
    assert (kept.text, kept.resolution, kept.closed_by) == ("Dress is torn", "Mended", clerk)
    assert Event.objects.latest("pk").facts == {"stage": "shoot", "text": "Dress is torn", "resolution": "Mended"}
    with pytest.raises(Refusal, match="issue.closed"):
        services.close_issue(actor=clerk, issue=issue, resolution="Again")
    assert StageIssue.objects.get().resolution == "Mended"


def test_a_finished_order_still_takes_complaints(branch, clerk):
    order = make_order(branch=branch, actor=clerk, stage=Stage.AFTER_SALES)
    services.finish_order(actor=clerk, order=order)
    issue = services.raise_issue(actor=clerk, order=order, stage=Stage.AFTER_SALES, text="A page came loose")
    assert services.close_issue(actor=clerk, issue=issue, resolution="Bound again").closed_at
