"""What we offer, and on what terms. Knows no customer and no sold order: those keep a frozen copy."""
