"""Which studio is this, and who is logged in: true even if no studio exists yet. Knows nothing of photographs or money."""
