"""The subjects that figures are read by: which indicators stand together, what they are broken down by, and how their
finding is told.

Nothing here is a figure: every finding is worked out from what is held. What a programme counts is declared by its own
steps, so that subject names no indicators here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

CHILDREN, PRACTICE, PROJECTS = "Children and families", "Workforce and practice", "Projects and programmes"
GROUPS = (CHILDREN, PRACTICE, PROJECTS)
PROGRAMMES = "programmes"
# The step of a programme that its finding is about; of others the last one.
OUTCOMES = {"pause": "pause-signed-up"}
# Who the children are: shown only to those who may read protected dimensions.
WHO = ("age", "sex", "ethnicity", "disability", "asylum")


class Told(StrEnum):
    """How the finding of a section is worked out."""

    LEAD = "the first figure, and how it has changed"
    EACH = "each figure beside the others"
    RATED = "how many are better than their target, within tolerance, outside"
    PARTS = "the first breakdown"
    RE_AUDITS = "how many re-audits were due, done and late"
    PATHWAY = "how many of the first step reach the last"
    GAP = "how many more of the first are needed than there are of the second"


@dataclass(frozen=True)
class Cut:
    """An indicator by one dimension or several, in alphabetical order; `periods` is how many of the latest are shown
    beside each other."""

    indicator: str
    by: tuple[str, ...]
    periods: int = 1


@dataclass(frozen=True)
class Section:
    """Figures that answer one question. `note` is what a reader must know of them whatever they say, `noun` what the
    rated ones are called, `courses` those that are drawn over time."""

    code: str
    name: str
    indicators: tuple[str, ...]
    told: Told = Told.LEAD
    cuts: tuple[Cut, ...] = ()
    courses: tuple[str, ...] = ()
    noun: str = "measures"
    note: str = ""


@dataclass(frozen=True)
class Topic:
    """A subject with its sections; a protected one is there only for who may read protected figures."""

    code: str
    name: str
    group: str
    lead: str
    sections: tuple[Section, ...] = ()
    is_protected: bool = False

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator of its sections, each once."""
        return tuple(dict.fromkeys(code for section in self.sections for code in section.indicators))


def _who(*indicators: str) -> tuple[Cut, ...]:
    return tuple(Cut(code, (dimension,)) for code in indicators for dimension in WHO)


TOPICS: tuple[Topic, ...] = (
    Topic(
        "early-help", "Early help", CHILDREN,
        "Help before needs become statutory: who asks for it, who gives it, and whether families are better off.",
        (
            Section(
                "referrals", "Referrals to early help",
                ("early-help-referrals", "early-help-source-share", "early-help-need-share"),
                cuts=(
                    Cut("early-help-referrals", ("locality",)),
                    Cut("early-help-source-share", ("early-help-source",)),
                    Cut("early-help-need-share", ("need",)),
                ),
            ),
            Section(
                "open", "Open early help", ("early-help-open-cases", "early-help-open-children", "early-help-closed"),
                cuts=(Cut("early-help-open-children", ("level",)), *_who("early-help-open-children")),
                note="Cases and children are two counts: no paper says how many children stand behind a case.",
            ),
            Section(
                "lead-practitioners", "Who holds the lead practitioner role", ("early-help-lead-agency-share",),
                Told.PARTS, cuts=(Cut("early-help-lead-agency-share", ("lead-agency",)),),
            ),
            Section(
                "bellwethers", "The two bellwethers",
                ("early-help-outcome-star", "early-help-vulnerability-decreased"), Told.RATED, noun="bellwethers",
            ),
            Section("audits", "Audits of early help", ("early-help-audits",)),
            Section(
                "family-support", "Family support",
                ("family-support-improved-outcomes", "family-support-length"), Told.RATED,
            ),
            Section(
                "family-hubs", "Family hubs",
                (
                    "family-hub-families-supported", "family-hub-support-elements", "family-hub-buildings-open",
                    "family-hub-views", "family-hub-views-per-week", "family-hub-families-signposted",
                    "family-hub-course-learners", "young-carers-phone-calls",
                ),
                note="Each measure has a window of its own, so they are not set against each other.",
            ),
            Section(
                "local-solutions", "Local solutions",
                ("local-solutions-within-72-hours", "local-solutions-response-days"),
            ),
        ),
    ),
    Topic(
        "child-in-need-and-protection", "Child in need and protection", CHILDREN,
        "Children who are helped at home by a social worker, how long that lasts, and those who need protecting.",
        (
            Section(
                "child-in-need", "Children in need",
                (
                    "cin-at-end", "cin-open-cohort", "cin-started", "cin-ended", "cin-current-plan",
                    "cin-6-to-12-months", "cin-12-to-24-months", "cin-over-2-years",
                ),
                cuts=(
                    Cut("cin-at-end", ("duration",)), Cut("cin-open-cohort", ("duration",)), *_who("cin-at-end"),
                ),
                note="Children with a plan and all open children in need are two definitions, never one number.",
            ),
            Section(
                "enquiries", "Enquiries and conferences",
                ("s47-enquiries", "strategy-discussions", "icpc-convened", "icpc-15-days"),
            ),
            Section(
                "protection-plans", "Protection plans",
                (
                    "cp-plans-at-end", "cp-plans-started", "cp-plans-ended", "cp-visits-in-timescale",
                    "second-cp-plan-2-years", "cp-plans-2-years-or-longer", "cp-plans-2-years-plus",
                    "cp-plans-category-share",
                ),
                cuts=(
                    Cut("cp-plans-category-share", ("abuse-category",)), Cut("cp-plans-at-end", ("abuse-category",)),
                    Cut("cp-plans-ended", ("duration",)), *_who("cp-plans-at-end"),
                ),
            ),
        ),
    ),
    Topic(
        "children-in-care", "Children in care and leaving care", CHILDREN,
        "How many children are in care, how stable their homes are, and how children leave.",
        (
            Section(
                "in-care", "In care",
                ("care-at-end", "cic-reviews-in-timescale", "cic-3-plus-placements", "cic-long-term-stability"),
                cuts=(Cut("care-at-end", ("legal-route",)), *_who("care-at-end")),
            ),
            Section(
                "coming-in", "Coming into care", ("care-started",), cuts=(Cut("care-started", ("legal-route",)),),
            ),
            Section(
                "leaving", "Leaving care",
                ("care-ended", "left-care-adopted", "left-care-sgo", "left-care-cao"),
                cuts=(Cut("care-ended", ("leaving-reason",)),),
            ),
        ),
    ),
    Topic(
        "care-proceedings", "Care proceedings", CHILDREN,
        "Families in pre-proceedings and in court. Children, families and cases are three counts and are never mixed.",
        (
            Section("pre-proceedings", "Pre-proceedings, in families", ("plo-at-end", "plo-started", "plo-ended")),
            Section(
                "children", "In court, counted in children",
                ("proceedings-children-at-end", "proceedings-issued", "proceedings-concluded"),
            ),
            Section("families", "In court, counted in families", ("proceedings-families-at-end",)),
            Section("cases", "In court, counted in cases", ("proceedings-cases-at-end",)),
            Section(
                "on-track", "Forecast: on track for 26 weeks", ("care-proceedings-26-weeks",),
                note="This says what is expected of proceedings that are still open, not what was reached.",
            ),
            Section(
                "concluded", "Reached: concluded in 26 and 52 weeks",
                ("proceedings-concluded-26-weeks", "proceedings-concluded-52-weeks"), Told.PARTS,
                cuts=(
                    Cut("proceedings-concluded-26-weeks", ("authority",)),
                    Cut("proceedings-concluded-52-weeks", ("authority",)),
                ),
                note="This is what was reached in the year to date. The share on track is a forecast and stands apart.",
            ),
        ),
    ),
    Topic(
        "adoption", "Adoption", CHILDREN,
        "Children who wait for a family for life, how long they wait, and the families who come forward.",
        (
            Section("adopted", "Children adopted", ("children-adopted",), Told.PARTS,
                    cuts=(Cut("children-adopted", ("authority",)),)),
            Section(
                "in-system", "Children in the adoption system", ("adoption-in-system", "adoption-placed"), Told.PARTS,
                cuts=(Cut("adoption-in-system", ("authority",)), Cut("adoption-placed", ("authority",))),
            ),
            Section(
                "days", "Days between the stages",
                ("adoption-days-care-to-family", "adoption-days-order-to-match", "adoption-under-14-months"),
                Told.RATED,
                cuts=(
                    Cut("adoption-days-care-to-family", ("authority",)),
                    Cut("adoption-days-order-to-match", ("authority",)),
                ),
            ),
            Section(
                "adopters", "The pathway of adopters",
                ("adopter-enquiries", "adopter-applications", "adopter-approvals", "adopter-matches"), Told.PATHWAY,
                note="From enquiry through application and approval to match.",
            ),
            Section(
                "adopter-gap", "The adopter gap", ("adopters-needed", "adopters-waiting"), Told.GAP,
                note=(
                    "The adopter gap is the adopters needed for children with a placement order who wait, less the"
                    " adopters who wait to be matched."
                ),
            ),
        ),
    ),
    Topic(
        "care-leavers", "Care leavers", CHILDREN,
        "Young people who have left care: whether they are in touch, housed, and in work or learning.",
        (
            Section("number", "How many there are", ("care-leavers-at-end",), cuts=_who("care-leavers-at-end")),
            Section(
                "outcomes", "How they fare",
                (
                    "care-leavers-in-touch", "pathway-plans-reviewed", "care-leavers-suitable-accommodation",
                    "care-leavers-eet", "staying-put",
                ),
                Told.RATED,
            ),
        ),
    ),
    Topic(
        "youth-justice", "Youth justice", CHILDREN,
        "Children who enter the justice system, and those who come back.",
        (Section("entrants-and-re-offending", "First entries and re-offending",
                 ("first-time-entrants", "re-offending"), Told.RATED),),
    ),
    Topic(
        "exploitation", "Exploitation and missing", CHILDREN,
        "Figures that partners supply.",
        (
            Section(
                "exploitation", "Child sexual exploitation",
                (
                    "exploitation-convictions", "exploitation-court-cases", "exploitation-not-guilty",
                    "exploitation-investigations",
                ),
                Told.EACH,
            ),
            Section("missing", "Children who go missing", ("missing-reports", "return-interviews")),
        ),
        is_protected=True,
    ),
    Topic(
        "workforce", "Workforce and practice", PRACTICE,
        "Whether staff are supervised, how much they carry, who stays, and what audits find.",
        (
            Section(
                "supervision", "Supervision", ("supervision-in-timescale", "supervision-teams"), Told.LEAD,
                cuts=(Cut("supervision-teams", ("team-band",), 3),), courses=("supervision-in-timescale",),
                note="Teams with 90% or higher are among those with 70% or higher.",
            ),
            Section(
                "average-caseload", "Average caseload", ("average-caseload-reported", "average-caseload-corrected"),
                Told.EACH,
                note="Two definitions: by head as the report counts, and corrected for part-time work and roles.",
            ),
            Section(
                "caseload-bands", "Caseloads in bands", ("caseload-highest", "caseload-workers"), Told.PARTS,
                cuts=(Cut("caseload-workers", ("caseload",)),),
                note="Workers with 25 or more are among those with 20 or more, and these among those with 16 or more.",
            ),
            Section(
                "spans-of-control", "Spans of control", ("manager-span-of-control",), Told.RATED,
                cuts=(Cut("manager-span-of-control", ("team",)),), noun="teams named",
            ),
            Section("turnover", "Turnover of staff", ("staff-turnover",), courses=("staff-turnover",)),
            Section(
                "agency", "Agency workers", ("agency-workers", "agency-posts"), Told.PARTS,
                cuts=(
                    Cut("agency-workers", ("on-matrix",)), Cut("agency-workers", ("agency-reason", "on-matrix")),
                ),
            ),
            Section(
                "audits", "Audits of case files",
                ("audits-good-or-better", "audits-ri-or-better", "audits-graded"), Told.RATED,
                cuts=(Cut("audits-graded", ("grade", "service")),),
                note="Audits graded good or better are among those graded requires improvement or better.",
            ),
            Section(
                "re-audits", "Re-audits after three months", ("re-audits-due", "re-audits-done", "re-audits-late"),
                Told.RE_AUDITS,
                note="Every audit below good is looked at again three months later.",
            ),
            Section(
                "homes", "Residential homes by judgement", ("homes-good-or-better", "trust-homes"), Told.RATED,
                cuts=(Cut("trust-homes", ("grade",)),),
            ),
        ),
    ),
    Topic(
        PROGRAMMES, "Projects and programmes", PROJECTS,
        "What is tried for a cohort: what it promised, whom it reached, and to whom it reports.",
    ),
)  # fmt: skip


_BY_CODE = {one.code: one for one in TOPICS}


def topic(code: str) -> Topic:
    """The subject of that code. Raises KeyError where there is none."""
    return _BY_CODE[code]


def topics_for(*, sees_protected: bool) -> Iterator[Topic]:
    """The subjects that a person may open, in order."""
    return (one for one in TOPICS if sees_protected or not one.is_protected)
