"""The studio as a whole, for its owner: export, support visits, own address, closing."""
