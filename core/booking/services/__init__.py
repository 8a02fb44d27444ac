"""Verbs: wishes and shooting plans; holding, firming, moving and ending a booking."""
