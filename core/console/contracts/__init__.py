"""Contracts as staff see them: those of an order, all of them, and the wording they are made of."""
