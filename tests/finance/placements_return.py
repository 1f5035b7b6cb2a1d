"""An open return of the care ladder with a few lines, and who enters it."""

from indicators.models import Return, Scorecard, User
from indicators.operations.slices import add_dimension
from indicators.roles import Role
from indicators.units import Unit
from tests import builders as b
from tests.finance.money_world import the_rungs

OOA = "rung=out-of-authority"
LINES = (
    ("placements-at-end", OOA), ("placements-at-end", "rung-group=fostering"), ("placements-started", OOA),
    ("placements-started", "came-from=new-to-care|rung-group=out-of-area"),
    ("placements-ended", "rung-group=out-of-area|went-to=in-house-fostering"), ("care-nights", OOA),
    ("placements-planned", OOA),
)  # fmt: skip


def an_open_return() -> Return:
    """The return of the trust for Q4 2021/22 with LINES, of which the last is nothing that a file tells."""
    the_rungs()
    add_dimension(code="came-from", name="Came from", kind="partition", categories=[("new-to-care", "New to care")])
    add_dimension(
        code="went-to", name="Went to", kind="partition", categories=[("in-house-fostering", "In-house fostering")]
    )
    scorecard = b.a_scorecard(code="care-ladder")
    scorecard.purpose = Scorecard.Purpose.MONEY
    scorecard.save(update_fields=["purpose"])
    for code, key in LINES:
        b.an_indicator(
            code, name=code.replace("-", " ").capitalize(), unit=Unit.COUNT, target=None, scorecard=scorecard,
            slice_key=key,
        )  # fmt: skip
    return b.fresh(b.a_return(scorecard))


def an_officer(partner: str = "trust") -> User:
    """A finance officer of a partner."""
    return b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner(partner), email=f"finance.{partner}@example.org",
                    display_name="Finance officer")  # fmt: skip
