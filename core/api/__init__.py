"""What programs and our own scripts see (DRF). Decides nothing."""
