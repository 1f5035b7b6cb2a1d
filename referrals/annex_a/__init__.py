"""Ofsted's Annex A, the eleven child-level lists of an inspection: what they hold, how they are read and counted."""
