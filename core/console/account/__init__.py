"""A staff member's own door: log in, log out, change the password."""
