"""How one gets in: second steps, recovery codes, logins; and which jobs must have a second step."""
