"""What the clerk can do, by slice. Imported in its own process only; Django is set up when a deed runs."""
