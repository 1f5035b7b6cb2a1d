"""Forms of the pages that bring several apps together."""
