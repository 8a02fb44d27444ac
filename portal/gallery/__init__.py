"""The phone gallery: choose, review, submit. Shows what selection knows and calls its verbs."""
