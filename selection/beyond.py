"""A round beyond the contract, of retouching or of an album: given away, or at a price that the customer must sign."""

from typing import Any

from django.db import models


class BeyondContract(models.Model):
    """Waived (`price_minor` 0) or priced; a priced one needs the customer's yes first. Which round, and of what, stands
    in the models.
    """

    price_minor = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    agreed_at = models.DateTimeField(null=True)
    agreed_by: Any = models.ForeignKey("selection.Chooser", on_delete=models.PROTECT, null=True, related_name="+")
    agreed_name = models.CharField(max_length=60, blank=True)
    evidence = models.JSONField(default=dict)
    declined_at = models.DateTimeField(null=True)
    objects: Any = models.Manager()

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Priced, and the customer has not answered."""
        return self.price_minor > 0 and self.agreed_at is None and self.declined_at is None

    @property
    def opens_round(self) -> bool:
        return self.declined_at is None and not self.is_open
