"""Figures checked against each other by arithmetic: what is printed, what is entered, what goes into a pack.

Nothing here knows the database or the clock. Only `sums` needs scipy, and loads it when it is called.
"""
