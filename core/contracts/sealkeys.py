"""Seal keys of a restored copy: a copy never seals in the name of the studio it was made from."""

from core.contracts.models import SealKey


def rekey_from(_former_schema: str) -> None:
    """Retire the keys that came along (readable under the former schema only); the next seal makes a new one.

    Their certificates go on recognising the files they sealed.
    """
    SealKey.objects.filter(is_current=True).update(is_current=False)
