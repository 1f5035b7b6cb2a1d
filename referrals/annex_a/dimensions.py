"""How the rows of Annex A are broken down: every dimension with its categories, each row in exactly one of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from referrals.annex_a import fields
from referrals.annex_a.codes import CODES
from referrals.annex_a.spec import Row
from referrals.annex_a.terms import Column, Span, Window, age_of
from referrals.timescales import ASSESSMENT_BANDS, OPEN_BANDS, Band

NOT_STATED = "not-stated"

Category = tuple[str, str]


@dataclass(frozen=True)
class Dimension:
    """A partition. `categories`: (code, name) in order, with “not stated” last; `is_slice`: whether the indicators are
    broken down by it, so that a category can be entered; `columns`: what is read, of which one must be there."""

    code: str
    name: str
    categories: tuple[Category, ...]
    columns: tuple[Column, ...]
    category: Callable[[Row, Window], str]
    is_slice: bool = False
    is_protected: bool = False


_AGES: tuple[tuple[int, str, str], ...] = (
    (-1, "unborn", "Unborn"), (0, "under-1", "Under 1"), (4, "1-to-4", "1 to 4"), (9, "5-to-9", "5 to 9"),
    (15, "10-to-15", "10 to 15"), (17, "16-to-17", "16 and 17"), (20, "18-to-20", "18 to 20"),
    (200, "21-or-over", "21 or over"),
)  # fmt: skip


def _age(row: Row, window: Window) -> str:
    years = age_of(fields.BORN, fields.AGE, row, window)
    return NOT_STATED if years is None else next((code for most, code, _ in _AGES if years <= most), NOT_STATED)


def _coded(
    code: str, name: str, column: Column, codes: str, *, is_slice: bool = False, is_protected: bool = False,
    blanks: tuple[str, ...] = (),
) -> Dimension:  # fmt: skip
    """One category for each code of the column; `blanks`: codes that state nothing."""
    kept = tuple((c.code.lower(), c.name) for c in CODES[codes] if c.code not in (*blanks, NOT_STATED))
    stated = frozenset(found for found, _ in kept)

    def category(row: Row, _: Window) -> str:
        value = column.text(row).lower()
        return value if value in stated else NOT_STATED

    return Dimension(code, name, (*kept, _BLANK), (column,), category, is_slice, is_protected)


def _grouped(
    code: str, name: str, column: Column, groups: Mapping[Category, str], *, is_slice: bool = True,
    is_protected: bool = False,
) -> Dimension:  # fmt: skip
    """Several codes to a category: {(code, name): "1A 1B"}."""
    of = {found: group[0] for group, codes in groups.items() for found in codes.split()}

    def category(row: Row, _: Window) -> str:
        return of.get(column.text(row), NOT_STATED)

    return Dimension(code, name, (*groups, _BLANK), (column,), category, is_slice, is_protected)


_BLANK: Category = (NOT_STATED, "Not stated")
_YES_NO: dict[Category, str] = {("yes", "Yes"): "yes", ("no", "No"): "no"}


def _lasting(code: str, name: str, span: Span, bands: tuple[Band, ...], categories: tuple[Category, ...]) -> Dimension:
    """One category for each band of the span; what cannot be counted is not stated."""

    def category(row: Row, window: Window) -> str:
        days = span.days(row, window)
        if isinstance(days, str):
            return NOT_STATED
        return next(found for band, (found, _) in zip(bands, categories, strict=True) if band.holds(days))

    return Dimension(code, name, (*categories, _BLANK), span.columns, category, is_slice=True)


AGE = Dimension(
    "age", "Age at the reference date", (*((code, name) for _, code, name in _AGES), _BLANK),
    (fields.BORN, fields.AGE), _age, is_slice=True, is_protected=True,
)  # fmt: skip
SEX = _coded("sex", "Sex", fields.GENDER, "gender", is_slice=True, is_protected=True)
ETHNICITY = _grouped("ethnicity", "Ethnicity", fields.ETHNICITY, {
    ("white", "White"): "WBRI WIRI WIRT WOTH WROM",
    ("mixed", "Mixed"): "MWBC MWBA MWAS MOTH",
    ("asian", "Asian or Asian British"): "AIND APKN ABAN AOTH CHNE",
    ("black", "Black or Black British"): "BCRB BAFR BOTH",
    ("other", "Other ethnic group"): "OOTH",
}, is_protected=True)  # fmt: skip
DISABILITY = _grouped("disability", "Disability", fields.DISABILITY, _YES_NO, is_protected=True)
ASYLUM = _grouped("asylum", "Unaccompanied asylum seeking", fields.ASYLUM, _YES_NO, is_protected=True)
ASYLUM_LEAVERS = _grouped(
    "asylum", "Unaccompanied asylum seeking, now or formerly", fields.ASYLUM_LEAVERS, _YES_NO, is_protected=True
)

_SOURCES: dict[Category, str] = {
    ("individual", "Individuals"): "1A 1B 1C 1D",
    ("schools", "Schools"): "2A",
    ("education-services", "Education services"): "2B",
    ("health", "Health services"): "3A 3B 3C 3D 3E 3F",
    ("housing", "Housing"): "4",
    ("local-authority", "Local authority services"): "5A 5B 5C",
    ("police", "Police"): "6",
    ("other-legal-agency", "Other legal agency"): "7",
    ("other", "Other"): "8",
    ("anonymous", "Anonymous"): "9",
}
CONTACT_SOURCE = _grouped("source", "Source", fields.CONTACT_SOURCE, _SOURCES)
REFERRAL_SOURCE = _grouped("source", "Source", fields.REFERRAL_SOURCE, _SOURCES)
REFERRAL_OUTCOME = _grouped("outcome", "Outcome", fields.NO_FURTHER_ACTION, {
    ("no-further-action", "No further action"): "yes", ("further-action", "Further action"): "no",
})  # fmt: skip
ASSESSMENT_LENGTH = _lasting(
    "duration-days", "Duration in working days", Span(fields.ASSESSED_FROM, fields.ASSESSED_TO, is_working=True),
    ASSESSMENT_BANDS, (
        ("same-day", "Same day"), ("1-to-10-days", "1 to 10 days"), ("11-to-20-days", "11 to 20 days"),
        ("21-to-30-days", "21 to 30 days"), ("31-to-40-days", "31 to 40 days"), ("41-to-45-days", "41 to 45 days"),
        ("46-to-50-days", "46 to 50 days"), ("51-to-60-days", "51 to 60 days"),
        ("61-days-or-longer", "61 days or longer"),
    ),
)  # fmt: skip
NEED_LENGTH = _lasting(
    "duration", "How long it has lasted", Span(fields.NEED_START), OPEN_BANDS, (
        ("0-to-3-months", "0 to 3 months"), ("3-to-6-months", "3 to 6 months"), ("6-to-12-months", "6 to 12 months"),
        ("12-to-24-months", "12 to 24 months"), ("24-months-or-longer", "24 months or longer"),
    ),
)  # fmt: skip
NEED = _coded("need", "Primary need", fields.NEED, "need", is_slice=True, blanks=("N0",))
CLOSURE = _coded("closure-reason", "Reason for closure", fields.CLOSURE_REASON, "closure")
CASE_STATUS = _coded("case-status", "Case status", fields.CASE_STATUS, "case_status")
CARE_NEED = _coded("need", "Category of need", fields.CARE_NEED, "need", is_slice=True, blanks=("N0",))
FIRST_ABUSE = _coded("abuse-category", "Initial category of abuse", fields.FIRST_ABUSE, "abuse", is_slice=True)
ABUSE = _coded("abuse-category", "Latest category of abuse", fields.ABUSE, "abuse", is_slice=True)
LEGAL_ROUTE = _grouped("legal-route", "Legal route", fields.LEGAL_STATUS, {
    ("agreement", "By agreement with the parents (section 20)"): "V2 V3 V4",
    ("order", "By a care, placement or freeing order"): "C1 C2 D1 E1",
    ("protection", "By emergency or police protection"): "L1 L2 L3",
    ("justice", "Through the justice system"): "J1 J2 J3",
})  # fmt: skip
LEGAL_STATUS = _coded("legal-status", "Legal status", fields.LEGAL_STATUS, "legal_status")
PLACEMENT = _coded("placement-type", "Placement type", fields.PLACEMENT, "placement_type")
PROVIDER = _coded("placement-provider", "Placement provider", fields.PROVIDER, "provider")
LOCATION = _coded("placement-location", "Placement location", fields.LOCATION, "location")
PERMANENCE = _coded("permanence-plan", "Permanence plan", fields.PERMANENCE, "permanence")
LEAVING_REASON = _coded("leaving-reason", "Reason for leaving care", fields.CEASED_REASON, "ceased", is_slice=True)
ELIGIBILITY = _coded("eligibility", "Eligibility", fields.ELIGIBILITY, "eligibility")
IN_TOUCH = _coded("in-touch", "In touch", fields.IN_TOUCH, "in_touch")
ACCOMMODATION = _coded("accommodation", "Accommodation", fields.ACCOMMODATION, "accommodation")
ACTIVITY = _coded("activity", "Activity", fields.ACTIVITY, "activity")
NO_LONGER = _coded("no-longer-placed", "Why no longer to be placed", fields.NO_LONGER_REASON, "no_longer_placed")
LEFT_ADOPTION = _coded("leaving-adoption", "Why they left", fields.LEFT_ADOPTION_REASON, "leaving_adoption")

# Who the children are; the protected characteristics that a list holds.
PERSON = (AGE, SEX, ETHNICITY)
PERSON_DISABILITY = (*PERSON, DISABILITY)
PERSON_ASYLUM = (*PERSON_DISABILITY, ASYLUM)
