"""Delivery: what a customer is entitled to take home, how it is downloaded, when it expires."""
