"""What staff make of a shoot before the customer sees it: kept or hidden, looks, stacks, order, cover. No prices."""
