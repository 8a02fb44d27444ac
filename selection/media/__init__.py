"""Bytes of photographs to those who hold a signed address."""
