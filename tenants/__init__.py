"""Which studio is this, and who is logged in: true even if no studio exists yet. Knows no photograph and no money."""
