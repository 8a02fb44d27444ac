"""Django's PostgreSQL backend with a schema editor whose DDL is valid on Citus as well (tenancy.md §3.4)."""
