"""Sockets against real PostgreSQL and Valkey, with real commits."""
