"""What is not a figure: programmes, and what was read from Annex A."""

from referrals.models.annex_a import AnnexADecision, AnnexALoad, AnnexAMeasure
from referrals.models.programmes import Programme, ProgrammeStep

__all__ = ["AnnexADecision", "AnnexALoad", "AnnexAMeasure", "Programme", "ProgrammeStep"]
