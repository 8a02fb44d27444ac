"""A sub-merchant belongs to one studio. Where two have entered the same number, whoever came first keeps it."""

from typing import Any

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform


def keep_the_first(apps: Any, _editor: Any) -> None:
    """The others are as if they had forgotten their keys; their page says why."""
    accounts, seen = apps.get_model("billing", "MerchantAccount").objects, set()
    for account in accounts.filter(shown__has_key="sub_mchid").order_by("created_at", "pk"):
        number = account.shown["sub_mchid"]
        if number in seen:
            gone = {"sealed": None, "shown": {}, "external": "", "is_ready": False, "is_on": False}
            accounts.filter(pk=account.pk).update(**gone, fault="pay.foreign")
        seen.add(number)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0006_keep"),
        ("tenants", "0005_keep"),
    ]

    operations = [
        migrations.RunPython(keep_the_first, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="merchantaccount",
            constraint=models.UniqueConstraint(KeyTextTransform("sub_mchid", "shown"), name="merchant_sub_once"),
        ),
    ]
