"""The database backend: django-tenants' own, with the studio kept in a ContextVar and DDL that Citus accepts too."""
