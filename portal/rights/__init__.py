"""The customer says what the studio may show of their photographs, reads what was agreed, and takes it back."""
