"""Galleries as our own scripts see them: the customer's phone and the staff's uploader. Decides nothing."""
