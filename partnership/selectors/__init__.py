"""Reads for pages that bring several apps together: a fixed number of queries in, frozen rows out."""
