"""Returns hold protected figures, and some are for the board as a whole: no page of a return shows either to who may
not read them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators import roles
from indicators.models import Dimension, Return, Scorecard
from indicators.operations.slices import add_dimension
from indicators.rag import Polarity
from indicators.roles import Permission, Role
from indicators.units import Unit
from tests import builders as b
from tests.indicators.return_pages import address, form_of, words
from tests.indicators.test_reconciling import a_count

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
# Six digits: no key of a row and no token of a form holds them by chance.
NUMBERS = {
    "": 1257357, "source=police": 900100, "source=schools": 357257, "sex=female": 611611, "sex=male": 645746,
}  # fmt: skip
PROTECTED = ("Female", "Male", "611611", "645746")
PAGES = (
    "return", "return_history", "return_entry", "return_template", "return_template_workbook", "return_upload",
    "return_correct", "return_review",
)  # fmt: skip


class World:
    """Referrals by source and by sex, which is protected, in a return of the trust."""

    def __init__(self) -> None:
        add_dimension(code="source", name="Source", kind="partition",
                      categories=[("police", "Police"), ("schools", "Schools")])  # fmt: skip
        add_dimension(code="sex", name="Sex", kind="partition", categories=[("female", "Female"), ("male", "Male")])
        Dimension.objects.filter(code="sex").update(is_protected=True)
        self.scorecard = b.a_scorecard(code="demand")
        self.made = {
            key: b.an_indicator(
                "referrals", name="Referrals", scorecard=self.scorecard, unit=Unit.COUNT, polarity=Polarity.NONE,
                slice_key=key, counts="events",
            )
            for key in NUMBERS
        }  # fmt: skip

    def at(self, state: str) -> Return:
        cells = {self.made[key].series.pk: a_count(number) for key, number in NUMBERS.items()}
        return b.fresh(b.a_return(self.scorecard, state=state, cells=cells))


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def unseeing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who enters and who decides may not read what is protected, as no role has it now."""
    for role in (Role.ANALYST, Role.APPROVER):
        kept = roles.ROLE_PERMISSIONS[role] - {Permission.VIEW_PROTECTED}
        monkeypatch.setitem(roles.ROLE_PERMISSIONS, role, kept)


def finance(row: Return) -> Any:
    return b.a_user(Role.FINANCE_OFFICER, partner=row.partner)


def shows(text: str) -> set[str]:
    return {one for one in PROTECTED if one in text.replace(",", "")}


@pytest.mark.parametrize("state", ["filled", "submitted", "approved"])
def test_status_when_figures_are_protected_then_they_are_left_out_and_counted(world, signed_in: SignIn, state):
    row = world.at(state)
    text = words(signed_in(finance(row)).get(address("return", row)))
    assert shows(text) == set()
    assert "Police" in text
    assert "2 figures for the board are not shown." in text
    assert "5 of 5 lines filled in" in text


def test_history_when_figures_are_protected_then_they_are_left_out_and_counted(world, signed_in: SignIn):
    row = world.at("submitted")
    text = words(signed_in(finance(row)).get(address("return_history", row)))
    assert shows(text) == set()
    assert "Police" in text
    assert "2 figures for the board are not shown." in text


def test_history_when_only_protected_figures_came_in_then_it_does_not_say_that_nothing_did(world, signed_in: SignIn):
    row = world.at("approved")
    made = b.a_restatement(row, [world.made["sex=male"].series])
    b.keep(made, {world.made["sex=male"].series: a_count(645747, "Counted again.")})
    made = b.fresh(b.submit(made))
    text = words(signed_in(finance(row)).get(address("return_history", made)))
    assert "1 figure for the board is not shown." in text
    assert "Nothing" not in text


@pytest.mark.parametrize(
    ("name", "state", "who"),
    [
        ("return", "filled", "analyst"),
        ("return_entry", "filled", "analyst"),
        ("return_review", "submitted", "lead"),
        ("return_history", "submitted", "lead"),
        ("return_correct", "approved", "analyst"),
    ],
)
def test_page_when_the_person_may_read_what_is_protected_then_everything_is_there(world, signed_in, name, state, who):
    row = world.at(state)
    response = signed_in(getattr(b.the_people(row.partner), who)).get(address(name, row))
    assert shows(response.content.decode()) == set(PROTECTED)
    assert "not shown" not in words(response)


@pytest.mark.usefixtures("unseeing")
@pytest.mark.parametrize(
    ("name", "state", "who"),
    [
        ("return_entry", "filled", "analyst"),
        ("return_review", "submitted", "lead"),
        ("return_correct", "approved", "analyst"),
    ],
)
def test_page_when_the_person_may_not_then_protected_lines_are_left_out(world, signed_in: SignIn, name, state, who):
    row = world.at(state)
    response = signed_in(getattr(b.the_people(row.partner), who)).get(address(name, row))
    assert shows(response.content.decode()) == set()
    assert "2 figures for the board are not shown." in words(response)


@pytest.mark.usefixtures("unseeing")
def test_files_when_the_person_may_not_then_they_hold_no_protected_line_and_none_is_taken(world, signed_in: SignIn):
    row = world.at("filled")
    client = signed_in(b.the_people(row.partner).analyst)
    file = b"".join(client.get(address("return_template", row)).streaming_content).decode("utf-8-sig")
    assert "source=police" in file
    assert "sex=" not in file
    changed = file.replace(",900100,", ",900101,")
    assert changed != file

    def send(text: str) -> str:
        upload = SimpleUploadedFile("return.csv", text.encode(), "text/csv")
        return words(client.post(address("return_upload", row), {"file": upload}))

    preview = send(changed)
    assert "2 figures for the board are not shown." in preview
    assert shows(preview) == set()
    assert "“referrals” is not on this return" in send(changed.replace("source=police", "sex=male"))


@pytest.mark.usefixtures("unseeing")
def test_cell_when_the_line_is_protected_then_it_is_not_there(world, signed_in: SignIn):
    row = world.at("filled")
    client = signed_in(b.the_people(row.partner).analyst)
    lines = {key: made.line.pk for key, made in world.made.items()}
    assert client.post(address("return_cell", row), {"line": lines["sex=male"]}).status_code == 404
    assert client.post(address("return_cell", row), {"line": lines["source=police"]}).status_code == 200


@pytest.mark.usefixtures("unseeing")
def test_submission_when_a_protected_line_is_open_then_the_page_stands_without_it(world, signed_in: SignIn):
    row = b.fresh(b.a_return(world.scorecard))
    b.keep(
        row, {world.made[""].series: a_count(NUMBERS[""]), world.made["sex=male"].series: a_count(NUMBERS["sex=male"])}
    )
    client = signed_in(b.the_people(row.partner).analyst)
    url = address("return_entry", row)
    response = client.post(url, form_of(client.get(url), "#entry") | {"do": "submit"})
    assert response.status_code == 200
    assert shows(response.content.decode()) == set()


# For the board as a whole


@pytest.fixture
def for_board(world: World) -> Return:
    row = world.at("submitted")
    Scorecard.objects.filter(pk=world.scorecard.pk).update(audience=Scorecard.Readers.BOARD)
    return b.fresh(row)


def statuses(client: Client, row: Return) -> dict[str, int]:
    found = {name: client.get(address(name, row)).status_code for name in PAGES}
    return found | {"return_cell": client.post(address("return_cell", row), {"line": 1}).status_code}


def test_return_for_the_board_when_the_person_may_not_read_it_then_no_page_of_it_is_there(for_board, signed_in):
    assert set(statuses(signed_in(finance(for_board)), for_board).values()) == {404}


@pytest.mark.usefixtures("unseeing")
@pytest.mark.parametrize("who", ["analyst", "lead", "acceptor"])
def test_return_for_the_board_when_who_works_on_it_may_not_read_it_then_it_is_not_there(for_board, signed_in, who):
    client = signed_in(getattr(b.the_people(for_board.partner), who))
    assert set(statuses(client, for_board).values()) == {404}


@pytest.mark.parametrize("place", ["/northshire/", "/northshire/returns/"])
def test_lists_when_a_return_is_for_the_board_then_only_who_may_read_it_finds_it(for_board, signed_in, place):
    name = str(for_board.round.scorecard)
    assert name not in signed_in(finance(for_board)).get(place).content.decode()
    assert name in signed_in(b.the_people(for_board.partner).lead).get(place).content.decode()


@pytest.mark.usefixtures("unseeing")
@pytest.mark.parametrize("who", ["analyst", "lead"])
def test_home_when_a_return_is_for_the_board_then_it_is_no_work_of_who_may_not_read_it(for_board, signed_in, who):
    text = words(signed_in(getattr(b.the_people(for_board.partner), who)).get("/northshire/"))
    assert str(for_board.round.scorecard) not in text


def test_home_when_a_scorecard_has_protected_rows_then_they_are_not_counted_for_who_may_not_read_them(world, signed_in):
    row = world.at("approved")
    shown = {}
    for user in (finance(row), b.the_people(row.partner).lead):
        shown[user.pk] = signed_in(user).get("/northshire/").context["board"].total.total
    assert list(shown.values()) == [3, 5]
