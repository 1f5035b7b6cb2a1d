"""What the demonstration adds to the governance that papers tell of: its own pack on the agenda of 7 July 2022, and a
seat for its board member."""

from datetime import date, datetime

from indicators.models import Partnership, User
from partnership.models import AgendaItem, Body, Pack, Paper, Seat, SeatHolding

PACK, MEETING, ITEM = "osmc-2022-07-07", "osmc-2022-07-07", "5"
BODY, SEAT = "osmc", "demonstration"
HOLDER = "Board member (demonstration account)"


def show_governance(*, partnership: Partnership, at: datetime, today: date) -> None:
    """Hangs the pack under its item and seats the board member, once; only where the meeting and the body are held."""
    _hang_pack(partnership, at)
    _seat_board_member(partnership, at, today)


def _hang_pack(partnership: Partnership, at: datetime) -> None:
    item = AgendaItem.objects.filter(meeting__partnership=partnership, meeting__code=MEETING, label=ITEM).first()
    pack = Pack.objects.filter(partnership=partnership, code=PACK).first()
    if item is None or pack is None or item.papers.filter(pack__isnull=False).exists():
        return
    officer = User.objects.get(email="scrutiny@demo.example")
    Paper.objects.create(
        item=item, order=item.papers.count() + 1, title=f"Pack: {pack.title}", pack=pack, by=officer,
        actor=officer.display_name, at=at,
    )  # fmt: skip


def _seat_board_member(partnership: Partnership, at: datetime, today: date) -> None:
    """A seat that votes on nothing and is in no paper, so that the real ones stay as they are printed."""
    body = Body.objects.filter(partnership=partnership, code=BODY).first()
    if body is None or body.seats.filter(code=SEAT).exists():
        return
    officer = User.objects.get(email="scrutiny@demo.example")
    stamp = {"by": officer, "actor": officer.display_name, "at": at}
    seat = Seat.objects.create(
        body=body, code=SEAT, role=Seat.Role.INVITEE, title=HOLDER, votes=Seat.Votes.NONE, from_on=today, **stamp
    )
    board_member = User.objects.get(email="board@demo.example")
    SeatHolding.objects.create(seat=seat, holder=HOLDER, user=board_member, from_on=today, **stamp)
