"""Wrong PINs are counted by where they come from. What was counted so far is half an hour old at most: forgotten."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selection", "0011_drawn_signature")]

    operations = [
        migrations.DeleteModel(name="PinDoor"),
        migrations.CreateModel(
            name="PinDoor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("caller", models.CharField(blank=True, help_text="hash of the address' neighbourhood", max_length=22)),
                ("misses", models.SmallIntegerField(default=0)),
                ("since", models.DateTimeField(help_text="of the first of these misses")),
                ("shut_until", models.DateTimeField(null=True)),
                (
                    "gallery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pin_doors",
                        to="selection.gallery",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("gallery", "caller"), name="pin_door_once")],
            },
        ),
    ]
