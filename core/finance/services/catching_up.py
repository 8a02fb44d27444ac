"""What older versions left open, done once."""

from django.db import transaction

from core.finance.books import next_open_book
from core.finance.enums import Method, ReturnState
from core.finance.ledger import held
from core.finance.models import Refund
from core.kernel.states import lock


def book_undated_refunds() -> int:
    """Refunds by a route that were done before they were booked on a day: each on the next open one of its branch, so
    that the days' sums hold all money that went. Answers how many; harmless when repeated. No event: nothing happened.
    """
    left = Refund.objects.filter(state=ReturnState.DONE, book=None).exclude(method=Method.STORED)
    return sum(_book(one) for one in left.select_related("account__branch").order_by("pk"))


@transaction.atomic
def _book(refund: Refund) -> bool:
    account = held(refund.account)
    row = lock(refund)
    if row.book_id is not None:
        return False
    row.book = next_open_book(account.branch)
    row.save(update_fields=["book"])
    return True
