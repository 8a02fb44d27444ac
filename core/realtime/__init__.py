"""Sockets: authorise at subscribe, forward pokes, never data."""
