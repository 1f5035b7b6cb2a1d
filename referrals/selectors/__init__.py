"""Reads: a fixed number of queries in, frozen rows out."""
