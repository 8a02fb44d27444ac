"""What the studio pays us, what it may use for it, and the way to more: the owner's page."""
