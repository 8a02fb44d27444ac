"""Wiring only: settings, URLs and server entry points connect things that decide elsewhere."""
