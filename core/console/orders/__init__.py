"""Everything about one order on one page, and taking a new one."""
