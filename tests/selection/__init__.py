"""Galleries, uploads, renditions, picks."""
