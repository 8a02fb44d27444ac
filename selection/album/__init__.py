"""Album proofs: what a designer lays out, spread by spread, and what the customer says of it until they approve it."""
