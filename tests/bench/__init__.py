"""Measurements, each against a baseline taken in the same run. One module per subject with `run() -> dict`."""
