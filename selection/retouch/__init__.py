"""What happens to the photographs after they were chosen: hand-over to retouchers, finals, rounds, verdicts."""
