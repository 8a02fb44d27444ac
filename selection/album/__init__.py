"""Album proofs: spreads that the studio lays out and the customer comments, changes and approves."""
