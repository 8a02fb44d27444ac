"""The order board: stages as columns, live."""
