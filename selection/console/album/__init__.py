"""Album proofs as staff see them: begun, laid out, sent, comments settled, the work list. Decides nothing."""
