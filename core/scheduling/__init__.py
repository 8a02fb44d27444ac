"""When, and is it free? Resources, rosters, appointments and their claims on time; knows no price and no order."""
