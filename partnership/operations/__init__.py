"""Writes for the installation as a whole and for packs: keyword-only, atomic, attributed, each with named errors."""
