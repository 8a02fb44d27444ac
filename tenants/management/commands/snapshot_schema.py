"""`manage.py snapshot_schema`: writes tenants/ddl/studio.sql from the migrations, in a database of its own."""

import os
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from psycopg import connect, sql

from tenants import migrator, snapshot
from tenants.migrations import EXTENSIONS


class Command(BaseCommand):
    help = "Write the raw SQL of a studio's schema (run after every change of the models; needs pg_dump)."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        given = connection.settings_dict
        login = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
        main, scratch = given["NAME"], f"yl_snapshot_{os.getpid()}"
        name = sql.Identifier(scratch)
        with connect(dbname=main, autocommit=True, **login) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
            try:
                with connect(dbname=scratch, autocommit=True, **login) as fresh:
                    fresh.execute(EXTENSIONS)
                    fresh.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(snapshot.TEMPLATE)))
                self._move(scratch)
                migrator.apply(snapshot.TEMPLATE)
                size = snapshot.write()
            finally:
                self._move(main)
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        self.stdout.write(f"{snapshot.FILE.name}: {size} characters")

    @staticmethod
    def _move(database: str) -> None:
        """Point Django's connection at another database."""
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # Django's stubs do not know it
        connection.settings_dict["NAME"] = database
