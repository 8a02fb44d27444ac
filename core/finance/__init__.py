"""Who owes what, and can I prove it? Accounts, charges, schedules, payments, refunds; never a calendar."""
