"""What everybody may read beside what nobody may: public packs that stand, and all that must stay hidden."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client

from indicators.models import Return, Scorecard
from indicators.roles import Role
from partnership.models import Pack
from tests import builders as b
from tests.partnership.pack_world import a_pack, a_published_pack, restate

PLACE = "northshire"
BODY = "Scrutiny Panel"
CODE = "scrutiny-panel-2022-07-07"
TABLE = "contract-2021-22-q4"
PACK_URL = f"/data/{PLACE}/{CODE}/"
TABLE_URL = f"{PACK_URL}{TABLE}"
HOUR = timedelta(hours=1)
# Counted only in what the public is not given: the numerator and the value of the newer figure.
SECRET = ("4711", "94.22")
SAID = {"commentary": "Counted again, £5 and “quoted”, =1+1.", "keep_reason": "Checked."}
MISSING = b.a_cell(missing="not_reportable", commentary="The case system changed.", not_reportable_code="system_change",
                   responsible_role="Head of performance", expected_on=date(2022, 9, 30))  # fmt: skip


def large(numerator: int = 850, **more: Any) -> Any:
    """A figure with nothing small in it."""
    return b.a_cell(numerator, 1000, **({"commentary": "As expected.", "headline": "=As, \nexpected"} | more))


@dataclass(frozen=True)
class PublicWorld:
    """A scorecard of three lines whose quarter is accepted, and a public pack that tells it."""

    scorecard: Scorecard
    row: Return
    pack: Pack


@b.kept
def a_public_world() -> PublicWorld:
    """A public pack for the Scrutiny Panel of 7 July 2022: 85%, 75% and one figure that is not reportable."""
    scorecard = b.a_scorecard(3)
    lines = list(scorecard.lines.select_related("series").order_by("order"))
    cells = {lines[0].series_id: large(850), lines[1].series_id: large(750, **SAID), lines[2].series_id: MISSING}
    row = b.a_return(scorecard, state="approved", cells=cells)
    return PublicWorld(scorecard, row, a_public_pack(scorecard))


def a_public_pack(scorecard: Scorecard, *, body: str = BODY, at: datetime = b.NOW, **more: Any) -> Pack:
    """The scorecard as it stands, given to a body and to everybody."""
    return a_published_pack(scorecard, audience="public", body=body, at=at, **more)


def correct(world: PublicWorld, numerator: int = 4711, denominator: int = 5000, *, at: datetime = b.NOW + HOUR) -> None:
    """The first line is corrected and accepted: known to members from then on."""
    series = world.scorecard.lines.order_by("order").first().series
    restate(world.row, {series: b.a_cell(numerator, denominator, commentary="Corrected.", keep_reason="Checked.")},
            at=at)  # fmt: skip


def all_that_is_hidden(world: PublicWorld) -> dict[str, Pack]:
    """A newer figure, told to the board and under an exemption, in a draft for everybody, in one under embargo, and in
    no pack at all."""
    correct(world)
    late = b.NOW + 2 * HOUR
    embargoed = a_public_pack(world.scorecard, body="Cabinet", at=late, title="Embargoed title")
    meeting = b.a_meeting(b.a_body("Cabinet", kind="executive"))
    b.a_paper(b.an_item(meeting, "Report"), "Paper", pack=embargoed, embargo_until=b.NOW + timedelta(days=1))
    return {
        "board": a_published_pack(world.scorecard, body="Board", at=late, title="Board title"),
        "exempt": a_published_pack(world.scorecard, body="Exempt", at=late, audience="exempt", title="Exempt title"),
        "draft": a_pack(world.scorecard, body="Forum", audience="public", title="Draft title"),
        "embargoed": embargoed,
    }


def a_member(role: Role = Role.BOARD_MEMBER) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(b.a_user(role))
    return client


def body_of(response: Any) -> bytes:
    """All that was answered, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content
