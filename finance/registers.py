"""The registers beside the figures, each described once: what it holds, what can happen to it, and how it is spoken of.

What is on a register is a promise or a request; what was spent or saved are figures. Nothing on it is changed: what
becomes of it is told by steps (of a home by plans), the latest of which says where it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indicators.phrases import listed

PROGRAMMES, SAVINGS, CAPACITY = "programmes", "savings", "capacity"
CASES, CLAIMS, MILESTONES = "business-cases", "claims", "milestones"

NO_STEP = "No step recorded"
ADDED_HERE = "Added here"

# What can become of a line of a business case; who decides is never who asked.
DECISIONS = {"approved": "Approved", "refused": "Refused", "reclassified": "Reclassified"}
ASKED = "asked"


@dataclass(frozen=True)
class Register:
    """A register: its name, one of it in a sentence, and the fixed list of what can happen to it.

    `explained` are the states that ask for words; `said_by` the indicators whose statements belong beside it, those of
    the places that the register cites only where `at_its_places`. `dimension` is that of its figures, which are those
    of the same indicators, where each entry or item has figures of its own.
    """

    code: str
    name: str
    one: str
    lead: str
    empty: str
    states: Mapping[str, str] = field(default_factory=dict)
    explained: frozenset[str] = frozenset()
    said_by: tuple[str, ...] = ()
    at_its_places: bool = False
    dimension: str = ""

    @property
    def article_one(self) -> str:
        """ "a saving"."""
        return f"a {self.one}"


REGISTERS = {
    one.code: one
    for one in (
        Register(
            PROGRAMMES,
            "Funding programmes",
            "funding programme",
            "What a body approved money for: items by financial year, who is paid, and which funds pay.",
            "A programme stands here with its items, what each costs in which year, who is paid, and what was spent.",
            {
                "started": "Started",
                "on_track": "On track",
                "at_risk": "At risk",
                "notice_given": "Notice given to end it",
                "ended": "Ended",
            },
            frozenset({"at_risk", "notice_given"}),
            ("programme-spend",),
            at_its_places=True,
            dimension="funding-item",
        ),
        Register(
            SAVINGS,
            "Savings and efficiencies",
            "saving",
            "What the budget rests on: what each saving was to bring and brought, and what it changes. Its amounts "
            "are figures, entered and approved like all others.",
            "A saving stands here with its target, what was delivered and is forecast, who answers for it, and the "
            "budget head or rung of the care ladder that it changes.",
            {
                "on_track": "On track",
                "at_risk": "At risk",
                "delivered": "Delivered",
                "partly_delivered": "Delivered in part",
                "not_delivered": "Not delivered",
                "withdrawn": "Withdrawn",
            },
            frozenset({"at_risk", "partly_delivered", "not_delivered", "withdrawn"}),
            ("saving-target", "saving-delivered", "saving-forecast"),
            dimension="saving",
        ),
        Register(
            CAPACITY,
            "Placement capacity",
            "home",
            "Homes that are to open: how many beds each brings, how far it has come, when it is expected, and how far "
            "that day has moved.",
            "A home stands here with its beds, its stage, when it is expected to open, and how far that day has moved.",
            {
                "proposed": "Proposed",
                "approved": "Approved",
                "purchase_agreed": "Purchase agreed",
                "purchased": "Purchased",
                "designed": "Designed",
                "being_built": "Being built or adapted",
                "registering": "Being registered",
                "open": "Open",
                "under_review": "Plan under review",
                "given_up": "Given up",
            },
            frozenset({"under_review", "given_up"}),
            ("placements-planned",),
            at_its_places=True,
        ),
        Register(
            CASES,
            "Business cases",
            "business case",
            "What was asked for beyond the contract sum, line by line, and what became of each line. Who asks never "
            "decides.",
            "A business case stands here with its lines: what was asked, and whether it was approved, refused or "
            "reclassified.",
            {
                "submitted": "Submitted",
                "considered": "Considered",
                "more_asked": "More information asked for",
                "withdrawn": "Withdrawn",
                "closed": "Closed",
            },
            frozenset({"more_asked", "withdrawn"}),
            ("agency-cost",),
            at_its_places=True,
        ),
        Register(
            CLAIMS,
            "Payment by results",
            "claim",
            "Claims that are paid for results: when each is due, whether its measures were met or explained, and "
            "whether it was paid within 30 days.",
            "A claim stands here with the day it is due, its terms, and what became of it.",
            {
                "sent": "Claim sent",
                "measures_met": "Measures met",
                "explained": "Measures not met: explained, with mitigating action",
                "information_asked": "More information asked for",
                "paid": "Paid",
                "refused": "Refused",
                "withdrawn": "Withdrawn",
            },
            frozenset({"explained", "information_asked", "refused", "withdrawn"}),
        ),
        Register(
            MILESTONES,
            "Annual accounts",
            "milestone",
            "The days by which the annual report and accounts are to be drafted, audited, approved and sent.",
            "A milestone stands here with the day by which it is due, and whether it was done.",
            {
                "under_way": "Under way",
                "delayed": "Delayed",
                "done": "Done",
            },
            frozenset({"delayed"}),
        ),
    )
}


def entered_words(register: Register, category: str, scorecards: Sequence[str]) -> str:
    """How the quarterly figures of an entry or item come in: with which returns, or what has to be loaded first."""
    if scorecards:
        return f"Its figures are entered each quarter with the return of {listed(scorecards)}, and accepted there."
    return (
        "No scorecard has a line for its quarterly figures yet, so none can be entered, and its amounts stand as not "
        f"reported. Whoever looks after this service loads the category “{category}” of the dimension "
        f"“{register.dimension}” and a line of {listed(register.said_by)} with it; then they are entered with the "
        "return each quarter."
    )


def form_words(register: Register, *, is_part: bool) -> str:
    """What to know of quarterly figures before an entry or item is added; empty where it has none of its own."""
    if not register.dimension or is_part != (register.code == PROGRAMMES):
        return ""
    return (
        "What is spent or saved is entered each quarter with a return, on a line that is loaded for it. Once it stands "
        "on the register, its page says whether it has that line."
    )
