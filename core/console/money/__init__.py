"""Money: an order's books, what has to be looked at, arrears, the day, what will come."""
