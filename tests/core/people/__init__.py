"""Customers, staff, logging in."""
