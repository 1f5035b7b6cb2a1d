"""Pages of the measurement app; each view makes one domain call."""
