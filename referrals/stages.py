"""The stages of the pathway as data, the links between them, and the indicators that count them.

Each indicator counts in one unit; a stage counts children, events, families or young people, and never two of them at
once. A link has a figure only where a reported number belongs to exactly that step. Source of the graph: report 003
§15–§55, 001 §16–§40 and §48–§54, and Working Together to Safeguard Children.
"""

from dataclasses import dataclass
from enum import StrEnum


class StageUnit(StrEnum):
    """What a stage or an indicator counts."""

    EVENTS = "events"
    CHILDREN = "children"
    FAMILIES = "families"
    CASES = "cases"
    YOUNG_PEOPLE = "young people"


class LinkKind(StrEnum):
    """Which way a link goes: onward, to more or to less intensive help, to the end, or back to the front door."""

    ONWARD = "onward"
    STEP_UP = "step up"
    STEP_DOWN = "step down"
    ENDS = "ends"
    RETURNS = "returns"


@dataclass(frozen=True)
class Stage:
    """A stage of the pathway; `inflow`, `outflow` and `stock` are codes of indicators, or empty.

    `also_counted` are stocks of the same stage in another unit. `clock` is a code of `referrals.clocks`. An entry is a
    stage that people can come to from outside; an end has no inflow, outflow or stock of its own.
    """

    code: str
    name: str
    unit: StageUnit
    inflow: str = ""
    outflow: str = ""
    stock: str = ""
    clock: str = ""
    also_counted: tuple[str, ...] = ()
    is_entry: bool = False
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Link:
    """A step from one stage to another.

    `figure` is the indicator, or "indicator/slice", that counts exactly this step, less the indicator `less` where that
    is a part of it; empty where nothing counts it. `part_of` names the figure of another link in which these are
    counted already, so that they are never drawn beside it.
    """

    source: str
    target: str
    kind: LinkKind = LinkKind.ONWARD
    figure: str = ""
    less: str = ""
    part_of: str = ""
    note: str = ""


_EVENTS, _CHILDREN, _FAMILIES = StageUnit.EVENTS, StageUnit.CHILDREN, StageUnit.FAMILIES

ACTIVITY_UNITS: dict[str, StageUnit] = {
    **dict.fromkeys(
        (
            "contacts", "mash-triage-decisions", "early-help-referrals", "referrals", "referrals-no-further-action",
            "re-referrals", "assessments-started", "assessments-completed", "assessments-open",
            "assessments-completed-assessment-service", "assessments-further-work", "strategy-discussions",
        ),
        StageUnit.EVENTS,
    ),
    **dict.fromkeys(
        (
            "early-help-closed", "early-help-open-children", "cin-started", "cin-ended", "cin-at-end",
            "cin-open-cohort", "s47-enquiries", "icpc-convened", "cp-plans-started", "cp-plans-ended",
            "cp-plans-at-end", "cp-plans-2-years-or-longer", "proceedings-issued", "proceedings-concluded",
            "proceedings-children-at-end", "care-started", "care-ended", "care-at-end", "children-adopted",
            "adoption-in-system", "adoption-placed",
        ),
        StageUnit.CHILDREN,
    ),
    **dict.fromkeys(
        (
            "plo-started", "plo-ended", "plo-at-end", "proceedings-families-at-end", "adopter-enquiries",
            "adopter-applications", "adopter-approvals", "adopter-matches",
        ),
        StageUnit.FAMILIES,
    ),
    **dict.fromkeys(("early-help-open-cases", "proceedings-cases-at-end"), StageUnit.CASES),
    "care-leavers-at-end": StageUnit.YOUNG_PEOPLE,
}  # fmt: skip

STAGES: tuple[Stage, ...] = (
    Stage(
        "contact", "Contact", _EVENTS, inflow="contacts", is_entry=True,
        note="The same child can have several contacts.", source="field notes §8.1; Annex A list 1",
    ),
    Stage("mash-triage", "MASH triage", _EVENTS, inflow="mash-triage-decisions", source="Report 003 §19"),
    Stage(
        "early-help-referral", "Early help referral", _EVENTS, inflow="early-help-referrals", is_entry=True,
        note="Most come from families, schools and partners and not through the front door (001 §18).",
        source="Report 001 §16, §18",
    ),
    Stage(
        "early-help", "Early help, levels 2 and 3", _CHILDREN, outflow="early-help-closed",
        stock="early-help-open-children", also_counted=("early-help-open-cases",), clock="family-support-length",
        note="Referrals are events and the children helped are children, so nothing says how many children came in.",
        source="Report 001 §16; 000 §21",
    ),
    Stage(
        "referral", "Referral", _EVENTS, inflow="referrals", clock="referral-decision",
        note="Every source, step-ups from early help and re-referrals among them.", source="Report 003 §17–§22",
    ),
    Stage(
        "assessment", "Single assessment", _EVENTS, inflow="assessments-started", outflow="assessments-completed",
        stock="assessments-open", clock="single-assessment",
        note="Re-assessments of open cases are counted too, so more can start than there are referrals (003 §24).",
        source="Report 003 §24–§26",
    ),
    Stage(
        "child-in-need", "Child in need plan", _CHILDREN, inflow="cin-started", outflow="cin-ended",
        stock="cin-at-end", note="Without protection plans, children in care and care leavers under 18 (003 §28).",
        source="Report 003 §28",
    ),
    Stage(
        "strategy-discussion", "Strategy discussion", _EVENTS, inflow="strategy-discussions", clock="icpc",
        note="Can be held at any stage, on an open case too.", source="Working Together, chapter 1",
    ),
    Stage(
        "section-47", "Section 47 enquiry", _CHILDREN, inflow="s47-enquiries", clock="s47-enquiry",
        source="Report 003 §31",
    ),
    Stage("no-conference", "Enquiry without a conference", _CHILDREN, source="Report 003 §31"),
    Stage(
        "icpc", "Initial child protection conference", _CHILDREN, inflow="icpc-convened", clock="icpc",
        source="Report 003 §31",
    ),
    Stage(
        "protection-plan", "Child protection plan", _CHILDREN, inflow="cp-plans-started", outflow="cp-plans-ended",
        stock="cp-plans-at-end", clock="cp-review-first", source="Report 003 §32; 001 §52",
    ),
    Stage(
        "pre-proceedings", "Pre-proceedings (PLO)", _FAMILIES, inflow="plo-started", outflow="plo-ended",
        stock="plo-at-end", note="PLO is the Public Law Outline. Counted in families.", source="Report 001 §52",
    ),
    Stage(
        "proceedings", "Care proceedings", _CHILDREN, inflow="proceedings-issued", outflow="proceedings-concluded",
        stock="proceedings-children-at-end",
        also_counted=("proceedings-families-at-end", "proceedings-cases-at-end"), clock="care-proceedings",
        note="Children, families and cases are three counts and are never mixed.", source="Report 003 §41–§43",
    ),
    Stage(
        "order", "Order, or proceedings end without one", _CHILDREN, inflow="proceedings-concluded",
        source="Report 003 §42–§43",
    ),
    Stage(
        "agreement", "Entry to care by agreement", _CHILDREN, is_entry=True,
        note="Of unaccompanied children too.", source="Children Act 1989, section 20",
    ),
    Stage(
        "care", "In care", _CHILDREN, inflow="care-started", outflow="care-ended", stock="care-at-end",
        clock="cic-review-first", source="Report 003 §37–§40, §83",
    ),
    Stage(
        "adoption-system", "In the adoption system", _CHILDREN, stock="adoption-in-system", clock="adoption-a2",
        note="Still in care.", source="Report 003 §45–§46",
    ),
    Stage(
        "adoption-placement", "Placed with adopters", _CHILDREN, outflow="children-adopted", stock="adoption-placed",
        clock="adoption-a1", note="Still in care until the adoption order.", source="Report 003 §46, §48",
    ),
    Stage(
        "leaving-care", "Leaving care, by reason", _CHILDREN, inflow="care-ended",
        note="The report’s table has eleven reasons.", source="Report 003 §40",
    ),
    Stage(
        "care-leaver", "Care leaver", StageUnit.YOUNG_PEOPLE, stock="care-leavers-at-end", clock="pathway-plan-review",
        note="The cohort of the statutory return.", source="Report 003 §51",
    ),
    Stage("no-further-action", "No further action", _EVENTS, source="Report 003 §19"),
    Stage("closed", "Support ends", _CHILDREN, source="Report 001 §21"),
    Stage(
        "adopter-enquiry", "Adopter: enquiry", _FAMILIES, inflow="adopter-enquiries", is_entry=True,
        note="Adopters have a pathway of their own.", source="Report 002, minute 12",
    ),
    Stage("adopter-application", "Adopter: application", _FAMILIES, inflow="adopter-applications",
          source="Report 002, minute 12"),
    Stage("adopter-approval", "Adopter: approval", _FAMILIES, inflow="adopter-approvals",
          source="Report 002, minute 12"),
    Stage("adopter-match", "Adopter: match", _FAMILIES, inflow="adopter-matches", source="Report 002, minute 12"),
)  # fmt: skip

# A strategy discussion can be held at every stage at which a child is known to somebody.
STRATEGY_DISCUSSION_FROM = (
    "contact", "mash-triage", "early-help", "referral", "assessment", "child-in-need", "protection-plan",
    "pre-proceedings", "proceedings", "care", "adoption-system", "adoption-placement", "care-leaver",
)  # fmt: skip

_UP, _DOWN, _ENDS, _BACK = LinkKind.STEP_UP, LinkKind.STEP_DOWN, LinkKind.ENDS, LinkKind.RETURNS

LINKS: tuple[Link, ...] = (
    Link("contact", "mash-triage", figure="mash-triage-decisions"),
    Link("contact", "no-further-action", _ENDS),
    Link("mash-triage", "early-help-referral"),
    Link("mash-triage", "referral"),
    Link("mash-triage", "no-further-action", _ENDS, note="The majority of what comes into the MASH (003 §19)."),
    Link("early-help-referral", "early-help"),
    Link("early-help", "referral", _UP),
    Link("early-help", "closed", _ENDS),
    Link("referral", "assessment"),
    Link("referral", "early-help-referral", _DOWN, note="Around half of all referrals, by report 001 §31."),
    Link("referral", "no-further-action", _ENDS, figure="referrals-no-further-action"),
    Link("assessment", "child-in-need", note="Further work was needed after 747 of 1,102 assessments (003 §26), but "
         "not always a child in need plan."),
    Link("assessment", "early-help-referral", _DOWN),
    Link("assessment", "no-further-action", _ENDS),
    Link("child-in-need", "early-help", _DOWN),
    Link("child-in-need", "pre-proceedings", _UP),
    Link("child-in-need", "agreement", _UP),
    Link("child-in-need", "closed", _ENDS),
    *(Link(source, "strategy-discussion", _UP) for source in STRATEGY_DISCUSSION_FROM),
    Link("strategy-discussion", "section-47", _UP),
    Link("strategy-discussion", "assessment", _DOWN, note="No section 47 enquiry is needed."),
    Link("section-47", "icpc", _UP, figure="icpc-convened",
         note="Of the children whose enquiries are counted (003 §31)."),
    Link("section-47", "no-conference", _DOWN, figure="s47-enquiries", less="icpc-convened",
         note="The children whose enquiry led to no conference (003 §31)."),
    Link("no-conference", "child-in-need", _DOWN),
    Link("no-conference", "closed", _ENDS),
    Link("icpc", "protection-plan", _UP, figure="cp-plans-started", note="Transfers in have a conference too."),
    Link("icpc", "child-in-need", _DOWN),
    Link("protection-plan", "child-in-need", _DOWN),
    Link("protection-plan", "pre-proceedings", _UP),
    Link("protection-plan", "proceedings", _UP, note="Without pre-proceedings, where there is no time for them."),
    Link("protection-plan", "agreement", _UP),
    Link("protection-plan", "closed", _ENDS),
    Link("pre-proceedings", "proceedings", _UP, note="Families on one side, children on the other."),
    Link("pre-proceedings", "protection-plan", _DOWN),
    Link("pre-proceedings", "child-in-need", _DOWN, note="Some of those in need for over 2 years (001 §52)."),
    Link("pre-proceedings", "agreement", _UP),
    Link("proceedings", "order", figure="proceedings-concluded"),
    Link("order", "care", _UP, figure="care-started/legal-route=order"),
    Link("order", "child-in-need", _DOWN, note="Such as a supervision order."),
    Link("order", "closed", _ENDS, note="Such as an order to live with a relative."),
    Link("agreement", "care", _UP, figure="care-started/legal-route=agreement"),
    Link("care", "proceedings", _UP, note="A child in care by agreement."),
    Link("care", "adoption-system"),
    Link("care", "leaving-care", figure="care-ended"),
    Link("adoption-system", "adoption-placement"),
    Link("adoption-placement", "leaving-care", figure="children-adopted", part_of="care-ended"),
    Link("leaving-care", "care-leaver"),
    Link("leaving-care", "child-in-need", _DOWN),
    Link("leaving-care", "closed", _ENDS),
    Link("care-leaver", "closed", _ENDS),
    Link("no-further-action", "contact", _BACK),
    Link("closed", "contact", _BACK),
    Link("closed", "referral", _BACK, figure="re-referrals", part_of="referrals",
         note="Re-referrals within 12 months are among the referrals."),
    Link("adopter-enquiry", "adopter-application", figure="adopter-applications"),
    Link("adopter-application", "adopter-approval", figure="adopter-approvals"),
    Link("adopter-approval", "adopter-match", figure="adopter-matches"),
)  # fmt: skip
