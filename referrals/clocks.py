"""Every clock of the pathway as data: what starts it, what stops it, its limit, who set it, and where that is written.

`source` names the text that sets the limit. `verified` names where its wording was read for this table; where that is
empty, the limit is given as that text is generally cited. A limit of an average says nothing of one case, and a clock
without a limit is only measured: no text sets one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from indicators.working_days import day_words


class ClockUnit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


_ONE = {
    ClockUnit.WORKING_DAYS: "working day",
    ClockUnit.DAYS: "day",
    ClockUnit.WEEKS: "week",
    ClockUnit.MONTHS: "month",
}


class UnknownClock(ValueError):
    """A code that no clock has, or none on that day; the message is a sentence."""


@dataclass(frozen=True)
class Clock:
    """How long something may take.

    `from_event` is day 0, or day 1 where the text counts "beginning with" it (`first_day`). `limit` None means that
    the duration is measured and nothing is late. `extension` is by how much one extension moves the limit.
    `is_average` marks a limit that holds for the mean of many cases. `valid_from` and `valid_until` (None: open) are
    the days on which a clock may start for this row to hold; of an average, the days on which its period may end.
    """

    code: str
    name: str
    from_event: str
    to_event: str
    limit: int | None
    unit: ClockUnit
    authority: str
    source: str
    applies_to: str
    is_statutory: bool
    verified: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""
    first_day: int = 0
    extension: int = 0
    is_average: bool = False

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"The clock {self.code} needs a limit of at least 1, or none.")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError(f"The clock {self.code} ends before it begins.")

    def is_in_force(self, day: date) -> bool:
        """Whether a clock that starts on the day goes by this row."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def limit_words(self) -> str:
        """The limit as it stands in a sentence: "45 working days", "on average 426 days", "no limit"."""
        if self.limit is None:
            return "no limit"
        words = f"{self.limit:,} {_ONE[self.unit]}{'' if self.limit == 1 else 's'}"
        return f"on average {words}" if self.is_average else words


WORKING, DAYS, WEEKS, MONTHS = ClockUnit.WORKING_DAYS, ClockUnit.DAYS, ClockUnit.WEEKS, ClockUnit.MONTHS

_WORKING_TOGETHER = "Working Together to Safeguard Children (statutory guidance, Department for Education), chapter 1"
_GUIDANCE = "Department for Education, statutory guidance"
_CARE_PLANNING = "Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959)"
_REGULATIONS = "Regulations under the Children Act 1989"
_CONTRACT = "Contract of the council with the Children’s Services Trust"
# Working Together 2013 put one assessment of 45 working days in place of the initial and the core assessment.
_SINGLE_ASSESSMENT = date(2013, 4, 15)
_REGULATIONS_2011 = date(2011, 4, 1)

# The years in which the three years of an adoption scorecard end that have a threshold of their own.
_SCORECARDS = ((date(2011, 4, 1), date(2012, 3, 31)), (date(2013, 4, 1), date(2014, 3, 31)),
               (date(2014, 4, 1), date(2015, 3, 31)), (date(2015, 4, 1), None))  # fmt: skip
_WOLVERHAMPTON = "Wolverhampton, analysis of adoption scorecards 2011 to 2014"


def _adoption_average(
    code: str, name: str, from_event: str, to_event: str, *thresholds: tuple[int, str], still: str
) -> Iterator[Clock]:
    """The thresholds of an adoption scorecard, each with its days and note; `still` is where the last is cited too."""
    for (days, note), (first, last) in zip(thresholds, _SCORECARDS, strict=True):
        source = _WOLVERHAMPTON if last else f"GOV.UK, adoption scorecards and thresholds, 14 January 2014; {still}"
        yield Clock(
            code, name, from_event, to_event, days, DAYS, "Department for Education, adoption scorecards", source,
            "children adopted in the three years", is_statutory=False, verified=source, valid_from=first,
            valid_until=last, is_average=True, note=note,
        )  # fmt: skip


CLOCKS: tuple[Clock, ...] = (
    # The front door
    Clock(
        "referral-decision", "Decision on a referral", "Referral received", "Decision on the type of response", 1,
        WORKING, _GUIDANCE, _WORKING_TOGETHER, "every referral", is_statutory=True,
        verified="Family Rights Group, advice on Working Together 2015",
    ),
    Clock(
        "single-assessment", "Single assessment", "Referral received", "Assessment completed", 45, WORKING,
        _GUIDANCE, _WORKING_TOGETHER, "every single assessment", is_statutory=True, valid_from=_SINGLE_ASSESSMENT,
        verified="Family Rights Group, advice on Working Together 2015; report 003 §74 for the contract",
        note="The guidance counts from the referral. The census and Annex A carry the start of the assessment, which "
        "can be later; see the clock from the start.",
    ),
    Clock(
        "single-assessment-from-start", "Single assessment, counted from its start", "Assessment started",
        "Assessment completed", 45, WORKING, "As the children in need census and Annex A can count it",
        "Annex A list 4, start of the assessment", "assessments without the day of the referral", is_statutory=False,
        valid_from=_SINGLE_ASSESSMENT, verified="Annex A columns",
        note="Kinder than the guidance by the days between the referral and the start. Never mixed with the clock from "
        "the referral.",
    ),
    Clock(
        "single-assessment-20-days", "Single assessment, local measure", "Referral received", "Assessment completed",
        20, WORKING, _CONTRACT, "Report 003 §74", "single assessments", is_statutory=False,
        verified="Report 003 §74",
        note="The report writes “less than 20 days” and does not say which days. Working days are taken, day 20 "
        "included, as in the official band 11 to 20. The 25% and 15% beside it are the target and tolerance for the "
        "share of assessments, not the clock.",
    ),
    Clock(
        "local-solutions", "Local solutions enquiry", "Enquiry received", "Seen, solved and sealed", 3, DAYS,
        "Local solutions groups, South prototype", "Report 001 §34", "enquiries of local solutions groups",
        is_statutory=False, verified="Report 001 §34", valid_from=date(2020, 5, 1),
        note="The measure is 72 hours. Days alone cannot prove it on the third day: hours are needed.",
    ),
    Clock(
        "family-support-length", "Length of family support", "Family support opened", "Family support closed", 140,
        DAYS, _CONTRACT, "Report 003 §74", "closed family support", is_statutory=False, is_average=True,
        verified="Report 003 §74",
        note="Target for the average, with a tolerance of 180 days. Not reportable in 2021/22 Q4: the system takes the "
        "earliest involvement as the start.",
    ),
    # Protection
    Clock(
        "s47-enquiry", "Section 47 enquiry", "Strategy discussion that started the enquiry", "Enquiry completed", None,
        WORKING, _GUIDANCE, _WORKING_TOGETHER, "section 47 enquiries without a conference", is_statutory=False,
        note="No text sets an end of its own. Where a conference is held, the 15 working days from the strategy "
        "discussion bind the enquiry too.",
    ),
    Clock(
        "icpc", "Initial child protection conference", "Strategy discussion that started the section 47 enquiry",
        "Conference held", 15, WORKING, _GUIDANCE, _WORKING_TOGETHER, "initial conferences, transfers in left out",
        is_statutory=True, valid_from=_SINGLE_ASSESSMENT,
        verified="Report 001 §54 and report 003 §74: “the statutory 15-day timescale”; Devon’s one-minute guide 23",
        note="Where there were several strategy discussions, the one that started the enquiry counts. Brothers and "
        "sisters share a conference, so children move together.",
    ),
    Clock(
        "cp-review-first", "First review of a protection plan", "Initial conference", "First review conference",
        3, MONTHS, _GUIDANCE, _WORKING_TOGETHER, "children with a protection plan", is_statutory=True,
        verified="Liverpool’s procedures, chapter 3.5 (March 2022)",
    ),
    Clock(
        "cp-review-later", "Later reviews of a protection plan", "Previous review conference",
        "Next review conference", 6, MONTHS, _GUIDANCE, _WORKING_TOGETHER, "children with a protection plan",
        is_statutory=True,
    ),
    Clock(
        "cp-visit", "Visit to a child with a protection plan", "Previous visit", "Next visit", 2, WEEKS,
        "Children’s Services Trust", "Report 002 §6", "children with a protection plan", is_statutory=False,
        verified="Report 002 §6: “without a statutory visit within 2 weeks”",
        valid_from=date(2014, 10, 1), valid_until=date(2015, 5, 31),
        note="Held for the months that the report tells of. It calls the visits statutory; their interval is local.",
    ),
    Clock(
        "cp-visit", "Visit to a child with a protection plan", "Previous visit", "Next visit", 4, WEEKS,
        "Children’s Services Trust", "Report 001 §54", "children with a protection plan", is_statutory=False,
        verified="Report 001 §54: “seen within the previous four weeks”",
        valid_from=date(2021, 4, 1), valid_until=date(2021, 12, 31),
        note="Another interval than in 2015, so the shares of the two years do not compare.",
    ),
    Clock(
        "cp-visit", "Visit to a child with a protection plan", "Previous visit", "Next visit", None, WEEKS,
        _CONTRACT, "Report 003 §74", "children with a protection plan", is_statutory=False,
        verified="Report 003 §74: “the timescales specified in the child protection plan”",
        valid_from=date(2022, 1, 1),
        note="Each plan has its own interval, so only the person who knows the plan can say whether a visit was late.",
    ),
    # Courts
    Clock(
        "care-proceedings", "Care proceedings", "Application issued", "Proceedings concluded", 26, WEEKS,
        "Parliament", "Children Act 1989, section 32(1)(a)(ii), from the Children and Families Act 2014, section 14",
        "applications for a care or supervision order", is_statutory=True, first_day=1, extension=8,
        valid_from=date(2014, 4, 22), verified="legislation.gov.uk, Children and Families Act 2014, section 14",
        note="The 26 weeks begin with the day of issue, so that day is day 1. A court may extend by up to 8 weeks at a "
        "time. On track means forecast to end in time; it is not the share that has ended in time.",
    ),
    Clock(
        "care-proceedings-52-weeks", "Care proceedings within 52 weeks", "Application issued", "Proceedings concluded",
        52, WEEKS, "Local Family Justice Board", "Report 003 §43", "applications for a care or supervision order",
        is_statutory=False, first_day=1, verified="Report 003 §43",
        note="The board’s second measure, with a national target of 95% of cases.",
    ),
    # Care
    Clock(
        "cic-review-first", "First review of a child in care", "Child becomes looked after", "First review", 20,
        WORKING, _REGULATIONS, f"{_CARE_PLANNING}, regulation 33", "children in care", is_statutory=True,
        valid_from=_REGULATIONS_2011,
    ),
    Clock(
        "cic-review-second", "Second review of a child in care", "First review", "Second review", 3, MONTHS,
        _REGULATIONS, f"{_CARE_PLANNING}, regulation 33", "children in care", is_statutory=True,
        valid_from=_REGULATIONS_2011,
    ),
    Clock(
        "cic-review-later", "Later reviews of a child in care", "Previous review", "Next review", 6, MONTHS,
        _REGULATIONS, f"{_CARE_PLANNING}, regulation 33", "children in care", is_statutory=True,
        valid_from=_REGULATIONS_2011,
    ),
    Clock(
        "cic-visit-first", "First visit in a placement", "Placement starts", "First visit", 1, WEEKS,
        _REGULATIONS, f"{_CARE_PLANNING}, regulation 28(2)(a)", "children in care", is_statutory=True,
        valid_from=_REGULATIONS_2011, verified="legislation.gov.uk, SI 2010/959, regulation 28 as made",
        note="Placements with parents, with connected persons and under interim orders have shorter intervals.",
    ),
    Clock(
        "cic-visit", "Visit to a child in care", "Previous visit", "Next visit", 6, WEEKS,
        _REGULATIONS, f"{_CARE_PLANNING}, regulation 28(2)(b)", "children in care, first year of a placement",
        is_statutory=True, valid_from=_REGULATIONS_2011,
        verified="legislation.gov.uk, SI 2010/959, regulation 28 as made",
        note="Also after the first year, unless the placement is to last until the child is 18.",
    ),
    Clock(
        "cic-visit-long-term", "Visit in a long-term placement", "Previous visit", "Next visit", 3, MONTHS,
        _REGULATIONS, f"{_CARE_PLANNING}, regulation 28(2)(c)(i)",
        "children in care, after the first year of a placement that is to last until they are 18",
        is_statutory=True, valid_from=_REGULATIONS_2011,
        verified="legislation.gov.uk, SI 2010/959, regulation 28 as made",
    ),
    Clock(
        "pathway-plan-review", "Review of a pathway plan", "Previous review, or the plan", "Next review", 6, MONTHS,
        _REGULATIONS, "Care Leavers (England) Regulations 2010 (SI 2010/2571)", "care leavers", is_statutory=True,
        valid_from=_REGULATIONS_2011,
        note="A review can also be asked for, or be needed after a move; those are further clocks of the regulations.",
    ),
    # Adoption
    Clock(
        "adoption-14-months", "Entering care to adoptive family, each child", "Child enters care",
        "Child moves in with the adoptive family", 14, MONTHS, _CONTRACT, "Report 003 §47 and §74",
        "children adopted or waiting", is_statutory=False, verified="Report 003 §47",
        note="The measure is “less than 14 months”. The average of the same wait is another clock.",
    ),
    *_adoption_average(
        "adoption-a1", "Entering care to adoptive family, average", "Child enters care",
        "Child moves in with the adoptive family",
        (639, "21 months, for the three years that end in March 2012. The threshold of the year after is not held."),
        (547, "18 months, for the three years that end in March 2014."),
        (487, "16 months, for the three years that end in March 2015."),
        (426, "14 months, for the three years that end in March 2016, and still the target in report 003 §74."),
        still="report 003 §48",
    ),
    *_adoption_average(
        "adoption-a2", "Court authority to match, average", "Court gives authority to place the child",
        "Match with an adoptive family decided",
        (213, "7 months, for the three years that end in March 2012. The threshold of the year after is not held."),
        (182, "6 months, for the three years that end in March 2014."),
        (152, "5 months, for the three years that end in March 2015."),
        (121, "4 months, for the three years that end in March 2016. Report 003 §49 describes the same 121 days as "
         "order to placement, §74 as order to match; the scorecard counts to the match."),
        still="report 003 §74",
    ),
    # Practice
    Clock(
        "re-audit", "Re-audit of a case below good", "Audit graded inadequate or requires improvement", "Re-audit", 3,
        MONTHS, "Children’s Services Trust", "Report 003 §55", "audits graded below good", is_statutory=False,
        verified="Report 003 §55",
    ),
)  # fmt: skip


def clock(code: str, on: date | None = None) -> Clock:
    """The clock of that code that is in force on a day; without a day the latest row. Raises UnknownClock."""
    rows = [row for row in CLOCKS if row.code == code]
    if not rows:
        raise UnknownClock(f"“{code}” is no clock of the pathway.")
    if on is None:
        return rows[-1]
    for row in rows:
        if row.is_in_force(on):
            return row
    raise UnknownClock(f"No limit is held for {rows[-1].name.lower()} on {day_words(on)}.")
