"""How figures are printed, gathered and set beside their marks."""
