"""The eleven lists of Annex A and their columns, as data; and the shape in which a list that was read is handed on.

Source of the headings: the specification of Annex A kept by Social Finance Digital Labs (liia-tools,
`annex-a-merge.yml`, and the newer schema of liia-tools-pipeline for list 9; MIT licence).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from referrals.annex_a.codes import CODES, Code

__all__ = ["CODES", "LISTS", "Code", "ColumnSpec", "Kind", "ListData", "ListSpec", "Row", "Value", "key_of"]

Kind = Literal["id", "date", "code", "yes_no", "whole", "text"]
Value = date | str | int | None
# Canonical key of a column -> what its cell holds; "row" is the row's number in its sheet.
Row = dict[str, Value]


@dataclass(frozen=True)
class ColumnSpec:
    """One column. `key`: the official heading in small letters, everything but letters and digits one underscore;
    `codes`: the name of its codes in CODES; `is_required`: a row without a value is incomplete; `aliases`: other
    headings in use; `is_newer`: it came with the newer layout, so that an older file rightly lacks it."""

    key: str
    header: str
    kind: Kind
    codes: str = ""
    is_required: bool = True
    aliases: tuple[str, ...] = ()
    is_newer: bool = False


@dataclass(frozen=True)
class ListSpec:
    """One list: its number, what it is about, its columns in their official order, and other names it goes by."""

    number: int
    name: str
    columns: tuple[ColumnSpec, ...]
    aliases: tuple[str, ...] = ()

    @property
    def by_key(self) -> dict[str, ColumnSpec]:
        """The columns by their keys."""
        return {column.key: column for column in self.columns}


@dataclass
class ListData:
    """A list as it was read. `rows`: each with the key of every column found (None: no usable value) and "row";
    `columns_found`: keys; `columns_missing`: keys that the layout of the file should have; `left_out`: rows that could
    not be used."""

    number: int
    name: str
    sheet: str
    rows: list[Row] = field(default_factory=list)
    columns_found: tuple[str, ...] = ()
    columns_missing: tuple[str, ...] = ()
    left_out: int = 0


def key_of(header: str) -> str:
    """The key of a heading: "Referral NFA?" is "referral_nfa"."""
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")


def _column(
    header: str, kind: Kind, codes: str = "", *aliases: str, blank: bool = False, newer: bool = False
) -> ColumnSpec:
    codes = "yes_no" if kind == "yes_no" else codes
    return ColumnSpec(key_of(header), header, kind, codes, not blank, aliases, newer)


def _day(header: str, *aliases: str, blank: bool = True, newer: bool = False) -> ColumnSpec:
    return _column(header, "date", "", *aliases, blank=blank, newer=newer)


def _yes(header: str, *aliases: str, blank: bool = False, newer: bool = False) -> ColumnSpec:
    return _column(header, "yes_no", "", *aliases, blank=blank, newer=newer)


def _coded(header: str, codes: str, *aliases: str, blank: bool = False) -> ColumnSpec:
    return _column(header, "code", codes, *aliases, blank=blank)


def _whole(header: str, *aliases: str, blank: bool = False) -> ColumnSpec:
    return _column(header, "whole", "", *aliases, blank=blank)


def _text(header: str, *aliases: str, blank: bool = False, newer: bool = False) -> ColumnSpec:
    return _column(header, "text", "", *aliases, blank=blank, newer=newer)


_CHILD = _column("Child Unique ID", "id", "", "Child ID", "Unique Child ID", "Child Unique Identifier", "Child's ID")
_GENDER = _coded("Gender", "gender", "Sex", "Gender / Sex", "Gender of Child", "Sex of Child")
_ETHNICITY = _coded("Ethnicity", "ethnicity", "Ethnic Origin", "Ethnic Group", "Ethnicity Code")
_BORN = _day("Date of Birth", "DOB", "D.O.B.", "Birth Date", "Child Date of Birth")
_AGE = _whole("Age of Child (Years)", "Age", "Age in Years", "Age of Child", "Child Age", "Age at Reference Date",
              blank=True)  # fmt: skip
_FIVE = (_CHILD, _GENDER, _ETHNICITY, _BORN, _AGE)
_DISABLED = _yes("Does the Child have a Disability", "Disability", "Disabled", "Child has a Disability")
_TEAM = _text("Allocated Team", "Team")
_WORKER = _text("Allocated Worker", "Worker", "Allocated Social Worker")
_STAFF = (_TEAM, _WORKER)
_FAMILY = _text("Family identifier", "Family ID", blank=True)


LISTS: tuple[ListSpec, ...] = (
    ListSpec(1, "Contacts", (
        *_FIVE,
        _day("Date of Contact", "Contact Date", blank=False),
        _coded("Contact Source", "source", "Source of Contact"),
    ), ("Contact",)),
    ListSpec(2, "Early help assessments", (
        *_FIVE,
        _day("Assessment start date", "Early Help Assessment Start Date", blank=False),
        _day("Assessment completion date", "Early Help Assessment Completion Date"),
        _text("Organisation completing assessment", "Organisation"),
    ), ("Early help", "Early help assessment")),
    ListSpec(3, "Referrals", (
        *_FIVE,
        _day("Date of referral", "Referral Date", blank=False),
        _coded("Referral Source", "source", "Source of Referral"),
        _yes("Referral NFA?", "NFA", "Referral No Further Action"),
        _whole("Number of Referrals in Last 12 Months", "Referrals in Last 12 Months"),
        *_STAFF,
    ), ("Referral",)),
    ListSpec(4, "Assessments", (
        *_FIVE, _DISABLED,
        _day("Continuous Assessment Start Date", "Assessment Start Date", blank=False),
        _yes("Child Seen During Continuous Assessment", "Child Seen During Assessment", "Child Seen"),
        _day("Continuous Assessment Date of Authorisation", "Date of Authorisation", "Assessment Authorisation Date"),
        _yes("Was the child assessed as requiring LA children's social care support?",
             "Assessed as requiring LA children's social care support", blank=True),
        *_STAFF,
    ), ("Assessment", "Continuous assessments", "Single assessments", "Social care assessments")),
    ListSpec(5, "Section 47 enquiries and initial child protection conferences", (
        *_FIVE, _DISABLED,
        _day("Strategy discussion initiating Section 47 Enquiry Start Date", "Strategy Discussion Date",
             "Strategy discussion initiating S47 Enquiry Start Date", "Section 47 Start Date", blank=False),
        _yes("Was an Initial Child Protection Conference deemed unnecessary?", "Was an ICPC deemed unnecessary?",
             blank=True),
        _day("Date of Initial Child Protection Conference", "Date of ICPC", "ICPC Date"),
        _yes("Did the Initial Child Protection Conference Result in a Child Protection Plan",
             "Did the ICPC Result in a Child Protection Plan", "Did the ICPC Result in a CP Plan", blank=True),
        _whole("Number of Section 47 Enquiries in the last 12 months", "Number of S47 Enquiries in the last 12 months",
               "Number of S47s in the last 12 months"),
        _whole("Number of ICPCs in the last 12 months",
               "Number of Initial Child Protection Conferences in the last 12 months"),
        *_STAFF,
    ), ("Section 47 enquiries", "Section 47", "S47", "S47 and ICPC", "S47s and ICPCs")),
    ListSpec(6, "Children in need", (
        *_FIVE, _DISABLED,
        _day("CIN Start Date", "Child in Need Start Date"),
        _coded("Primary Need Code", "need", "Primary Need"),
        _day("Date Child Was Last Seen", "Date Last Seen"),
        _day("CIN Closure Date", "CIN End Date", "Child in Need Closure Date"),
        _coded("Reason for Closure", "closure", "Closure Reason", blank=True),
        _coded("Case Status", "case_status"),
        *_STAFF,
    ), ("CIN", "Child in need")),
    ListSpec(7, "Child protection plans", (
        *_FIVE, _DISABLED,
        _day("Child Protection Plan Start Date", "CP Plan Start Date", blank=False),
        _coded("Initial Category of Abuse", "abuse"),
        _coded("Latest Category of Abuse", "abuse"),
        _day("Date of the Last Statutory Visit", "Date of Last Statutory Visit"),
        _yes("Was the Child Seen Alone?", "Child Seen Alone", blank=True),
        _day("Date of latest review conference", "Date of Latest Review Child Protection Conference"),
        _day("Child Protection Plan End Date", "CP Plan End Date"),
        _yes("Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
             "EPO or Police Powers in Last Six Months"),
        _whole("Number of Previous Child Protection Plans", "Number of Previous CP Plans", "Previous CP Plans"),
        *_STAFF,
    ), ("Child protection", "CP plans", "CPP", "CP")),
    ListSpec(8, "Children in care", (
        *_FIVE,
        _yes("Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", "UASC",
             "UASC within the Last 12 Months", "Unaccompanied Asylum Seeking Child"),
        _DISABLED,
        _day("Date Started to be Looked After", "Date Became Looked After", blank=False),
        _coded("Child's Category of Need", "need", "Category of Need"),
        _yes("Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
             "Second or subsequent period of being a Looked After Child within the last 12 months"),
        _day("Start date of current legal status", "Legal Status Start Date", blank=False),
        _coded("Child's Legal Status", "legal_status", "Legal Status"),
        _day("Date of Latest Statutory Review", "Latest Statutory Review Date"),
        _day("Date of Last Social Work Visit", "Date of Last Social Worker Visit"),
        _coded("What is the permanence plan for this child?", "permanence", "Permanence Plan", blank=True),
        _day("Date of Last IRO Visit / Contact to the Child", "Date of Last IRO Visit or Contact to the Child",
             "Date of Last IRO Visit"),
        _day("Date of Last Health Assessment"),
        _day("Date of Last Dental Check"),
        _whole("Number of Placements in the Last 12 months", "Placements in the Last 12 months"),
        _day("Date Ceased to be Looked After"),
        _coded("Reason Ceased to be Looked After", "ceased", blank=True),
        _day("Start Date of Most Recent Placement", "Most Recent Placement Start Date", blank=False),
        _coded("Placement Type", "placement_type"),
        _coded("Placement Provider", "provider"),
        _text("Placement postcode"),
        _text("URN of Placement", "Placement URN", blank=True),
        _coded("Placement Location", "location"),
        _text("LA of Placement", "Local Authority of Placement"),
        _whole("Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
               "Missing Episodes in the last 12 months"),
        _whole("Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
               "Absent Episodes in the last 12 months"),
        _yes("Was the child offered a Return Interview after their last missing episode (Y/N)?",
             "Return Interview Offered", blank=True),
        _yes("Did the child accept a Return Interview after their last missing episode (Y/N)?",
             "Return Interview Accepted", blank=True),
        *_STAFF,
    ), ("Looked after children", "Children looked after", "Looked after", "CLA", "LAC", "CIC")),
    ListSpec(9, "Care leavers", (
        *_FIVE,
        _yes("Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)",
             "UASC or formerly UASC", "UASC", newer=True),
        _DISABLED,
        *_STAFF,
        _text("Allocated Personal Advisor", "Allocated Personal Adviser", "Personal Advisor", "Personal Adviser",
              newer=True),
        _coded("Eligibility Category", "eligibility", "Eligibility"),
        _day("Latest Pathway Plan Review Date", "Date of Latest Pathway Plan Review", newer=True),
        _coded("LA in Touch", "in_touch", "Local Authority in Touch", "In Touch"),
        _day("Latest Date of Contact", "Date of Latest Contact", newer=True),
        _coded("Type of Accommodation", "accommodation", "Accommodation", "Accommodation Type", blank=True),
        _coded("Suitability of Accommodation", "suitability", "Accommodation Suitability", blank=True),
        _coded("Activity Status", "activity", "Activity", blank=True),
    ), ("Care leaver", "Leaving care", "CL")),
    ListSpec(10, "Adoption: children", (
        _CHILD, _FAMILY, *_FIVE[1:], _DISABLED,
        _day("Date the Child Entered Care", "Date Entered Care", blank=False),
        _day("Date of Decision that Child Should be Placed for Adoption",
             "Date of Decision Should be Placed for Adoption", blank=False),
        _day("Date of Placement Order", "Placement Order Date"),
        _day("Date of Matching Child and Prospective Adopters", "Date of Matching"),
        _day("Date Placed for Adoption"),
        _day("Date of Adoption Order", "Adoption Order Date"),
        _day("Date of Decision that Child Should No Longer be Placed for Adoption",
             "Date of Decision Should No Longer be Placed for Adoption"),
        _coded("Reason Why Child No Longer Placed for Adoption", "no_longer_placed",
               "Reason Why Child Should No Longer be Placed for Adoption", blank=True),
        _day("Date the child was placed for fostering in FFA or concurrent planning placement",
             "Date Placed in FFA or concurrent planning placement"),
    ), ("Adoption children", "Children adopted", "Children for adoption", "Adoption")),
    ListSpec(11, "Adoption: adopters", (
        _column("Individual adopter identifier", "id", "", "Adopter ID", "Adopter identifier", "Individual adopter ID"),
        _FAMILY, _GENDER, _ETHNICITY,
        _yes("Disability", "Does the Adopter have a Disability", "Disabled"),
        _yes("Is the (prospective) adopter fostering for adoption?", "Fostering for adoption"),
        _day("Date enquiry received", "Enquiry Date", blank=False),
        _day("Date Stage 1 started", "Stage 1 Start Date"),
        _day("Date Stage 1 ended", "Stage 1 End Date"),
        _day("Date Stage 2 started", "Stage 2 Start Date"),
        _day("Date Stage 2 ended", "Stage 2 End Date"),
        _day("Date application submitted", "Application Submitted Date"),
        _day("Date application approved", "Application Approved Date", "Approval Date"),
        _day("Date adopter matched with child(ren)", "Date Matched"),
        _day("Date child/children placed with adopter(s)", "Date Placed"),
        _whole("No. of children placed", "Number of children placed", blank=True),
        _day("Date of Adoption Order", "Adoption Order Date"),
        _day("Date of leaving adoption process", "Date Left Adoption Process"),
        _coded("Reason for leaving adoption process", "leaving_adoption", "Reason Left Adoption Process", blank=True),
    ), ("Adopters", "Prospective adopters", "Adoption adopters")),
)  # fmt: skip
