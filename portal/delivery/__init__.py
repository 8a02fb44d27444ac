"""The customer takes photographs home: one by one, in ZIP parts, and the story."""
