"""What standing selections, their changes and further rounds cost, in the books that core opened for old orders."""

from django.db import migrations
from django.db.models import F, Max


def post(apps, account_id, source, kind, title, lines, at):
    Account, Charge, Instalment = (apps.get_model("core", name) for name in ("Account", "Charge", "Instalment"))
    total = sum(line["total_minor"] for line in lines)
    if total <= 0 or Charge.objects.filter(account_id=account_id, source=source).exists():
        return
    charge = Charge.objects.create(
        account_id=account_id, source=source, kind=kind, title=title[:120], lines=lines, total_minor=total, posted_at=at
    )
    rows = Instalment.objects.filter(account_id=account_id)
    number = (rows.aggregate(top=Max("number"))["top"] or 0) + 1
    Instalment.objects.create(
        account_id=account_id, charge=charge, number=number, trigger="selection", amount_minor=total
    )
    Account.objects.filter(pk=account_id).update(charged_minor=F("charged_minor") + total)


def line(name, total, quantity=1):
    each = total // quantity if total % quantity == 0 else 0
    return {"name": name, "quantity": quantity, "each_minor": each, "total_minor": total}


def post_extras(apps, schema_editor):
    Submission, Reopening, Grant = (
        apps.get_model("selection", name) for name in ("Submission", "Reopening", "RoundGrant")
    )
    for one in Submission.objects.filter(reopened_at=None, extra_total_minor__gt=0).select_related("gallery__order"):
        order = one.gallery.order
        if order.state == "cancelled" or order.account_id is None:
            continue
        lines = [
            line(told.get("name") or f"@{told['kind']}", told["total_minor"], max(1, int(told.get("extra") or 1)))
            for told in one.lines
            if told["total_minor"]
        ] or [line("@retouched", one.extra_total_minor)]
        post(apps, order.account_id, f"submission.{one.pk}", "extras", one.gallery.title, lines, one.at)
    for one in Grant.objects.filter(agreed_at__isnull=False, price_minor__gt=0).select_related("job__gallery__order"):
        order = one.job.gallery.order
        if order.state == "cancelled" or order.account_id is None:
            continue
        title = one.job.gallery.title
        post(apps, order.account_id, f"grant.{one.pk}", "round", title, [line("@round", one.price_minor)], one.agreed_at)


class Migration(migrations.Migration):
    dependencies = [("selection", "0013_tail"), ("core", "0015_books")]
    operations = [migrations.RunPython(post_extras, migrations.RunPython.noop)]
