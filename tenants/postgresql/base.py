"""django-tenants' backend with its state moved from the connection object into `tenants.state.place`."""

from typing import Any

from django.db.backends.postgresql.base import ServerBindingCursor
from django_tenants.postgresql_backend import base

from tenants.state import PUBLIC, Place, place


class DatabaseWrapper(base.DatabaseWrapper):
    """Compares the wanted search path with the one the server session has, at every cursor; sends SET only on change.

    `TENANT_LIMIT_SET_CALLS` is thereby safe: a context switch is noticed even when nobody called `set_tenant`.
    """

    search_path_set_schemas: list[str] | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ready = False
        super().__init__(*args, **kwargs)
        self._ready = True

    # The parent assigns these as plain attributes; each is a view of the ContextVar here.
    @property
    def tenant(self) -> Any:
        here = place.get()
        return here.tenant or base.FakeTenant(here.schema_name)

    @tenant.setter
    def tenant(self, value: Any) -> None:
        """Ignored: only `set_tenant` moves the place."""

    @property
    def schema_name(self) -> str:
        return place.get().schema_name

    @schema_name.setter
    def schema_name(self, value: str | None) -> None:
        """Ignored: only `set_tenant` moves the place."""

    @property
    def include_public_schema(self) -> bool:
        return place.get().include_public

    @include_public_schema.setter
    def include_public_schema(self, value: bool) -> None:
        """Ignored: only `set_tenant` moves the place."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:  # noqa: FBT001, FBT002 (django-tenants' API)
        """Move the running context to the tenant's schema (product code uses tenants.context)."""
        if not self._ready:
            return  # a new connection object must not move the thread that first touches the database
        loaded = None if isinstance(tenant, base.FakeTenant) else tenant
        place.set(Place(tenant.schema_name, include_public, loaded))

    def set_schema_to_public(self) -> None:
        if self._ready:
            place.set(Place(PUBLIC))

    def set_settings_schema(self, schema_name: str) -> None:
        """Not kept: `settings_dict` is shared by every context of the thread."""

    def hot_cursor(self) -> Any:
        """A cursor for statements that run all day: the server binds their values and keeps their plans.

        Name the schema in each statement (core.kernel.rows does), so that no plan is shared between studios: one made
        for another schema would be made anew at every change, and refuses to run when a column's type differs.
        """
        self.ensure_connection()
        self._handle_search_path()
        return self._prepare_cursor(ServerBindingCursor(self.connection))  # type: ignore[call-arg]  # stubs: psycopg 2

    def _handle_search_path(self, cursor: Any = None) -> None:
        """PostgreSQL 18 reports every change of its search path, rollbacks included: no SET while it is the right one.

        A server or pooler that does not report it gets a SET per connection taken from the pool, and on change.
        """
        wanted = self._get_cursor_search_paths()
        if self.connection.pgconn.parameter_status(b"search_path") == ", ".join(wanted).encode():
            self.search_path_set_schemas = wanted
            return
        if self.search_path_set_schemas and self.search_path_set_schemas != wanted:
            self.search_path_set_schemas = None
        super()._handle_search_path(cursor)
