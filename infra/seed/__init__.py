"""The demo studios: believable data made by the product's own verbs. `python -m infra.seed`."""
