"""A browser's name as its owner would say it (the floor below knows; rooms ask here)."""

from tenants.devices import device_name

__all__ = ["device_name"]
