"""Delivery as staff see it: hand over, extend, grant, archive, revive, the log, the story. Decides nothing."""
