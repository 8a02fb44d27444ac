"""Reading, signing and proving contracts."""
