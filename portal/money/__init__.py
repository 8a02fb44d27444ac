"""What I owe and have paid: the bill, paying, receipts. Shows and passes on; money is decided in core.finance."""
