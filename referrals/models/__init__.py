"""What is not a figure: what was read from Annex A, and programmes."""
