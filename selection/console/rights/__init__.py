"""Use rights and the sample library, as staff see them."""
