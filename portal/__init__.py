"""What a customer sees. Decides nothing, keeps nothing: no models."""
