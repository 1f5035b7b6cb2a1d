"""The tutorial, walked on the demonstration: what docs/tutorial says happens, happens."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from indicators.models import User
from tests import builders
from tests.partnership.filled_forms import fill, opened, page_of, send, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TOLD = " ".join((Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "a-quarter-end.md").read_text().split())
RETURN = "/doncaster/returns/early-help/2022-23-q1/council/1/"
PACK = "/doncaster/packs/the-public-2022-07-14/"


@pytest.fixture
def as_(settings):
    settings.IS_DEMO = True
    builders.the_demonstration()

    def person(name: str) -> Client:
        assert f"{name}@demo.example" in TOLD
        client = Client()
        client.force_login(User.objects.get(email=f"{name}@demo.example"))
        return client

    return person


def ends(response) -> str:
    """What a page says that shows how far it is, once it has ended."""
    return " ".join(BeautifulSoup(b"".join(response.streaming_content), "lxml").get_text(" ").split())


def test_the_tour_goes_as_it_is_told(as_):
    analyst, lead, approver, scrutiny = (as_(n) for n in ("council-analyst", "council-lead", "approver", "scrutiny"))
    assert "Early help bellwethers, 2022/23 Q1" in text_of(analyst, "/doncaster/")

    sent = opened(analyst, f"{RETURN}entry/")
    boxes = [name for name in sent if name.endswith(("numerator", "denominator"))]
    assert "36 as numerator and 40" in TOLD
    assert "type 12 and 20" in TOLD
    sent |= dict(zip(boxes, ("36", "40", "12", "20"), strict=True)) | {"do": "submit"}
    said = send(analyst, f"{RETURN}entry/", sent, 200)
    assert "1 point is open before this return can be submitted" in said
    assert "90% Better" in said
    assert "60.0%" in said
    sent = opened(analyst, f"{RETURN}entry/")
    commentary = boxes[2].replace("numerator", "commentary")
    said = send(analyst, f"{RETURN}entry/", sent | {commentary: "Made up for the tour.", "do": "submit"})
    assert "It waits for the lead of Doncaster Council" in said

    assert "2 figures, 1 to look at first" in text_of(lead, f"{RETURN}review/")
    assert "Signed off" in fill(lead, f"{RETURN}review/", do="sign_off")
    assert "Accepted" in fill(approver, f"{RETURN}review/", do="accept")
    shown = text_of(approver, "/doncaster/scorecards/early-help/")
    assert "Not compared: break in series" in shown
    assert "Returned monthly: no total for this quarter" in shown

    new = {"title": "Early help, April to June 2022", "body": "The public", "meeting_on": "14 July 2022",
           "audience": "public", "tables": ["early-help/2022-23-q1"]}  # fmt: skip
    said = fill(approver, "/doncaster/packs/new/", **new)
    assert "2 points stand against it" in said
    assert "Early help audits done has no figure" in said
    act = f"{PACK}act/"
    keep = _pressed(approver, PACK, "Keep the reasons")
    said = send(approver, act, keep | dict.fromkeys((n for n in keep if not keep[n]), "Nobody has reported it yet."))
    assert "1 point stands against it" in said

    small = f"{PACK}small-numbers/"
    assert "The small numbers are checked." in ends(
        approver.post(f"{small}act/", _pressed(approver, small, "Check small"))
    )
    waits = "the pack “Early help, April to June 2022”, The public, 14 July 2022"
    assert f"Check and accept how small numbers are protected in {waits}" in text_of(scrutiny, "/doncaster/")
    said = text_of(scrutiny, small)
    assert "each of 3 counts that are hidden or printed nowhere" in said
    assert "36 of 40" in said
    assert "12 of 20" not in said
    said = send(scrutiny, f"{small}act/", _pressed(scrutiny, small, "Accept the protection"))
    assert "You have accepted" in said
    assert waits not in text_of(scrutiny, "/doncaster/")
    assert f"Publish {waits}: its protection is accepted" in text_of(approver, "/doncaster/")
    assert "The pack is published" in send(approver, act, _pressed(approver, PACK, "Publish the pack"))

    home = text_of(scrutiny, "/doncaster/")
    assert "Changed colour since The public, 14 July 2022: 0 of 2" in home
    assert "Changed colour since Overview and Scrutiny Management Committee, 7 July 2022: 0 of 36" in home

    public = text_of(Client(), "/data/doncaster/the-public-2022-07-14/early-help-2022-23-q1/")
    assert "Confidential" in public
    assert "36 of 40" not in public
    assert "12 of 20" in public
    assert "36 of 40" in text_of(approver, "/doncaster/scorecards/early-help/")
    assert "Correct figures" in text_of(analyst, RETURN)


def _pressed(client: Client, path: str, words: str) -> dict[str, str]:
    """What the form with that button sends."""
    form = next(f for f in page_of(client, path).select("form") if words in f.get_text())
    button = next(b for b in form.select("button") if words in b.get_text())
    sent = {box["name"]: box.get("value", "") for box in form.select("input[name], textarea[name]")}
    return sent | ({button["name"]: button["value"]} if button.get("name") else {})
