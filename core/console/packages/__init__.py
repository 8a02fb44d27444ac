"""What the studio offers."""
