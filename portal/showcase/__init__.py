"""What the studio shows to everybody: samples that may be on its website, each saying whose it is (R096)."""
