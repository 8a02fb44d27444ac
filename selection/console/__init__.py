"""Galleries as staff see them. Parses, asks permission, calls a verb, answers; decides nothing."""
