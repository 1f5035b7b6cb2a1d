"""What rungs, ways out of care and age bands of an SSDA903 return are called, in the order of the ladder."""

from finance.ages import AGE_BANDS
from finance.ssda903.codes import NOT_REPORTED, OTHER, REASON_NOT_STATED, TURNED_18
from finance.ssda903.counting import AGE_NOT_STATED

RUNG_NAMES = {
    "in-house-residential": "In-house residential",
    "out-of-authority": "Out of authority",
    "parent-and-child": "Parent and child",
    "independent-fostering": "Independent fostering",
    "in-house-fostering": "In-house fostering",
    "supported-16-plus": "16+ supported and unregulated",
    "with-parents": "Placed with parents",
    "for-adoption": "Placed for adoption",
    OTHER: "Other placements in care",
    NOT_REPORTED: "Rung not reported",
}
WAY_NAMES = {
    "adopted": "Adopted",
    "special-guardianship": "Special guardianship",
    "child-arrangements": "Child arrangements",
    "returned-to-family": "Returned to family",
    "independent-living": "Independent living",
    TURNED_18: "Turned 18",
    "another-authority": "Taken over by another authority",
    "other-reason": "Left for another reason",
    REASON_NOT_STATED: "Reason not stated",
}
BAND_NAMES = {band.code: band.name for band in AGE_BANDS} | {AGE_NOT_STATED: "Age not stated"}
