"""The coded values of the SSDA903 return that decide a rung, and where a child goes who leaves care.

Source: Department for Education, “Children looked after by local authorities in England: technical specification to
the 2021 to 2022 data collection”, sections 3.5 to 3.11. Which rung a code belongs to is this project's own choice: a
home or foster carer of the authority's own (PR1) is in-house, any other is bought.
"""

NOT_REPORTED = "rung-not-reported"
OTHER = "other-care"

OWN = "PR1"
PROVIDERS = frozenset({"PR0", OWN, "PR2", "PR3", "PR4", "PR5"})

# In a home or with foster carers: the rung if the authority's own, and if bought.
BY_PROVIDER = {
    **dict.fromkeys(("U1", "U2", "U3", "U4", "U5", "U6"), ("in-house-fostering", "independent-fostering")),
    **dict.fromkeys(("K1", "K2", "R1", "S1"), ("in-house-residential", "out-of-authority")),
}
RUNGS = {
    "R3": "parent-and-child",  # family centre, mother and baby unit
    "R2": OTHER,  # health
    "R5": OTHER,  # young offender institution
    "H5": "supported-16-plus",
    "P2": "supported-16-plus",  # independent living
    "P3": "supported-16-plus",  # residential employment
    "P1": "with-parents",
    **dict.fromkeys(("A3", "A4", "A5", "A6"), "for-adoption"),
    "Z1": OTHER,
}
# Away for a while: the place is kept, so the child stays on the rung it came from.
TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
# Legal statuses of short breaks, which are no part of children in care.
SHORT_BREAKS = frozenset({"V3", "V4"})

CONTINUES = "X1"
TURNED_18 = "turned-18"
REASON_NOT_STATED = "reason-not-stated"
WENT_TO = {
    **dict.fromkeys(("E11", "E12"), "adopted"),
    **dict.fromkeys(("E43", "E44", "E45", "E46", "E47", "E48"), "special-guardianship"),
    "E41": "child-arrangements",
    **dict.fromkeys(("E4", "E4A", "E4B", "E13"), "returned-to-family"),
    **dict.fromkeys(("E5", "E6"), "independent-living"),
    **dict.fromkeys(("E15", "E17"), TURNED_18),
    "E3": "another-authority",
    # Few of each, so together: died, adult services, sentenced, remand ended, abroad, any other.
    **dict.fromkeys(("E2", "E7", "E9", "E14", "E16", "E8"), "other-reason"),
}


def is_place(code: str) -> bool:
    """Whether it is one of the codes of PLACE."""
    return code in BY_PROVIDER or code in RUNGS or code in TEMPORARY


def rung_of(place: str, provider: str) -> str:
    """The rung of a placement; NOT_REPORTED where code or provider leave it open, "" for one that is temporary."""
    if place in TEMPORARY:
        return ""
    if place in BY_PROVIDER:
        own, bought = BY_PROVIDER[place]
        return own if provider == OWN else bought if provider in PROVIDERS else NOT_REPORTED
    return RUNGS.get(place, NOT_REPORTED)
