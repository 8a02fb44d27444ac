"""Extensions live in a schema of their own, created before any studio exists (tenancy.md §3.1).

Created inside a studio's schema they would vanish with that studio, and with them every other studio's constraints.
"""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(
            """
            CREATE SCHEMA IF NOT EXISTS extensions;
            CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;
            CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
            """,
            migrations.RunSQL.noop,
        )
    ]
