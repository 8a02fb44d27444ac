"""Practice data for a new studio: believable customers, orders and a gallery that come with a tap and go with one.

Knows what it made, row by row, and what hangs on that. It refuses to know what is real: real things hold it.
"""
