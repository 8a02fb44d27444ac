"""How the studio is paid: its own merchant accounts, their keys and their health."""
