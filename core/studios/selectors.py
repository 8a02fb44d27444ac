"""Questions about branches."""

from core.studios.models import Branch


def branches_open() -> int:
    """Branches that take orders: what the plan counts."""
    return Branch.objects.filter(is_active=True).count()
