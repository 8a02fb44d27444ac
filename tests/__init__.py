"""Mirrors the tree. Real services, two studios in every session."""
