"""The phone gallery in a real browser, phone emulation."""
