"""What is not a figure: programmes, and what was read from Annex A."""

from referrals.models.programmes import Programme, ProgrammeStep

__all__ = ["Programme", "ProgrammeStep"]
