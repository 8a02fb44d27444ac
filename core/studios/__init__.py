"""Where: branches with their time zone. Later rooms and scenes, opening hours, rosters, leave and deputies."""
