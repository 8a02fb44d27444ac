"""A board of 500 orders: the page, and one card fetched again after a poke, through the whole stack of middlewares."""

import datetime as dt
import statistics
import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from core.kernel import clock
from core.orders import services
from core.orders.enums import Stage
from core.orders.models import Order, OrderStage
from tenants.context import in_studio
from tests.core.realtime.people import opened_studio
from tests.factories import make_branch, make_customer, make_order, make_package, make_staff

CARDS = 500
ROUNDS = 15
BOARD = "/console/board/"


def run() -> dict[str, Any]:
    """`board_500_ms`: the whole page; baseline: PostgreSQL alone answering the same rows to psycopg.

    `board_500_card_ms`: one card with fresh counts, as every open board asks after a poke; baseline: the page.
    """
    with opened_studio("看板") as studio, in_studio(studio):
        staff = make_staff("owner")
        order = furnish(staff)
        client = Client(headers={"host": f"{studio.slug}.{settings.PLATFORM_HOST}"})
        client.force_login(staff)
        page = timed(lambda: client.get(BOARD))
        card = timed(lambda: client.get(f"{BOARD}cards/?ids={order.pk}&moved={order.pk}"))
        answer = client.get(BOARD)
        queries = query_count(client)
        raw = timed(raw_rows)
    shown = answer.content.decode().count("<article")
    size = len(answer.content) // 1024
    return {
        "board_500_ms": {
            "value": round(page, 1),
            "unit": "ms",
            "baseline": round(raw, 1),
            "ratio": round(page / raw, 1),
            "note": f"median of {ROUNDS}, {queries} queries, {shown} cards at first, {size} KB; baseline: the SQL",
        },
        "board_500_card_ms": {
            "value": round(card, 1),
            "unit": "ms",
            "baseline": round(page, 1),
            "ratio": round(card / page, 2),
            "note": "one card and all counts after a poke; baseline: the page",
        },
    }


def furnish(staff: Any) -> Order:
    """500 orders over eight stages and 30 due days, as the verbs leave them; answers one of them."""
    branch, package, customer = make_branch(), make_package(), make_customer()
    today, stages = clock.today(branch.timezone), list(Stage)
    for number in range(CARDS):
        order = make_order(branch, staff, package=package, customer=customer, title=f"陈晓雨 & 林一舟 {number}")
        stage = stages[number % len(stages)]
        progress = {"photos": 612, "picked": 38, "included": 40, "gallery_state": "open"}
        Order.objects.filter(pk=order.pk).update(stage=stage, progress=progress)
        due = today + dt.timedelta(days=number % 30 - 5)
        OrderStage.objects.filter(order=order, stage=stage).update(due_on=due, owner=staff)
    return services.move_order(actor=make_staff("receptionist", branch), order=order, target="selection")


def timed(work: Any) -> float:
    """Median milliseconds, after two rounds that do not count."""
    times = []
    for number in range(ROUNDS + 2):
        started = time.perf_counter()
        work()
        if number > 1:
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def raw_rows() -> None:
    """The rows of the page in one statement, fetched and dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.*, o.*, b.name, u.name FROM core_orderstage s JOIN core_order o ON o.id = s.order_id "
            "JOIN core_branch b ON b.id = o.branch_id LEFT JOIN accounts_user u ON u.id = s.owner_id "
            "WHERE o.state = 'open' AND s.stage = o.stage ORDER BY s.due_on, o.id"
        )
        cursor.fetchall()


def query_count(client: Client) -> int:
    """Statements of one page."""
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(BOARD)
    return len(captured)
