"""What staff see. Parses, asks permission, calls a verb, answers; decides nothing."""
