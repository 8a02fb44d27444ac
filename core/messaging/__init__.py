"""How a sentence reaches a person, not why it is sent."""
