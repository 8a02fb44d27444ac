"""Use rights: what customers allow the studio to show, and the samples that consent makes possible."""
