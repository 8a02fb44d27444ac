"""The customer record for all branches."""
