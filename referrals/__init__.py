"""The front door and the pathway: what comes in, what becomes of it, how fast, and where it fills up."""
