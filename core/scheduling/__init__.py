"""When, and is it free? Resources, rosters, holds and appointments; knows time, never a price."""
