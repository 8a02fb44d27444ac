"""System checks of the walls: a misconfiguration fails at start, not in front of a customer."""
