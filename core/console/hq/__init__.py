"""Headquarters: branches compared."""
