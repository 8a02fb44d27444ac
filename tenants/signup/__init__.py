"""How a studio comes to us: three short steps, kept in one encrypted cookie, then a studio stands."""
