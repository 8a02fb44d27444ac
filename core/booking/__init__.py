"""From "is Saturday free?" to a firm date: ties time, contract and money of one order; decides nothing of their own."""
