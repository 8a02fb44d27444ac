"""The studio's business: one Django app, many rooms (README: architecture)."""
