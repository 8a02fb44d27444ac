"""The calendar as staff see it: timeline, dates, rosters, resources."""
