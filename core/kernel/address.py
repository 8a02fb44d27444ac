"""Where a request came from, when a proxy of ours stands in front (the floor below knows; rooms ask here)."""

from tenants.address import client_address

__all__ = ["client_address"]
