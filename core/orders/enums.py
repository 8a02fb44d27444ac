"""The eight stages (R001), their order and what each asks for (R002, R013–R022)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    ENQUIRY = "enquiry", _("Enquiry")
    SIGNING = "signing", _("Order signed")
    PREPARATION = "preparation", _("Preparation")
    SHOOT = "shoot", _("Shoot")
    SELECTION = "selection", _("Selection")
    PRODUCTION = "production", _("Production")
    DELIVERY = "delivery", _("Delivery")
    AFTER_SALES = "after_sales", _("After-sales")

    @property
    def number(self) -> int:
        return list(Stage).index(self)


class OrderState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class PersonPart(models.TextChoices):
    MAIN = "main", _("Main contact")
    BRIDE = "bride", _("Bride")
    GROOM = "groom", _("Groom")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    FAMILY = "family", _("Family")


# One step forward or one back. Skipping is refused: nothing may be left out (R002).
TRANSITIONS: dict[str, set[str]] = {
    stage: set(list(Stage)[i - 1 : i] + list(Stage)[i + 1 : i + 2]) for i, stage in enumerate(Stage)
}


class Wish(models.TextChoices):
    """Whose wish another date was."""

    CUSTOMER = "customer", _("The customer’s")
    STUDIO = "studio", _("The studio’s")
