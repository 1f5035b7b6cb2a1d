"""The only writers of this app: keyword-only, atomic, attributed, each with named errors."""
