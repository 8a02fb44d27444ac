"""What a studio may use, and what it pays us: would vanish if we left Stripe."""
