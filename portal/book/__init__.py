"""The way to a shoot: the public page, booking, wishes and the shooting plan. Decides nothing (core.booking does)."""
