"""The customer's pages, through both of their doors."""
