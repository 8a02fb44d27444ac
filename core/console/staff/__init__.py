"""Colleagues and their jobs."""
