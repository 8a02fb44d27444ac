"""Retouching as staff see it: hand-over, finals, rounds, the work list. Decides nothing."""
