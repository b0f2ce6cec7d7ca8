"""Search, the second chance: the council's own words, found by words and by meaning when no service fits."""
