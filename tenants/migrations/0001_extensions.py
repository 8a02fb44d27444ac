"""Extensions live in a schema of their own, created before any studio exists (tenancy.md §3.1).

Created inside a studio's schema they would vanish with that studio, and with them every other studio's constraints.
"""

from django.db import migrations

from tenants.migrations import EXTENSIONS


class Migration(migrations.Migration):
    initial = True
    operations = [migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop)]
