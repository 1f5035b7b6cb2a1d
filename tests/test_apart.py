"""Authorities kept apart: who has every role in one reads, finds and changes nothing of another, at any address."""

import html
import itertools
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, SoupStrainer, Tag
from django.test import Client
from django.urls import reverse

from indicators.models import Partnership, ScorecardLine, User
from indicators.roles import Role
from partnership.operations.plans import add_plan
from partnership.operations.risks import add_risk
from partnership.operations.search import refresh_search
from partnership.views import documents
from tests import builders as b
from tests.builders import governance
from tests.ownership import Ownership
from tests.partnership.meeting_world import a_document
from tests.partnership.pack_world import a_pack, a_published_pack
from tests.partnership.plans_world import PLAN, RISK
from tests.test_architecture import ROOT, modules
from tests.test_permissions import DOWNLOADS, MATRIX, PLACE, people  # noqa: F401
from tests.tries import a_try

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

SOUTH = "southshire"
# In every text of Southshire: who is not of it must never read it.
ZANZIBAR = "Zanzibar"
# What stands under a partnership: (name, arguments without its slug, method).
UNDER_A_PLACE = [
    (name, arguments[1:], method)
    for name, (arguments, method, _) in sorted(MATRIX.items())
    if arguments[:1] == (PLACE,) and not name.startswith("data_")
]


def with_every_role(partnership: Partnership) -> User:
    """A person who may do there whatever anybody may."""
    user = b.a_user(email=f"everything@{partnership.slug}.example.org")
    for role, partner in itertools.product(Role, (None, b.a_partner(partnership=partnership))):
        if partner or role is not Role.ANALYST:
            b.a_membership(user, role, partner=partner, partnership=partnership)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def southshire() -> Partnership:
    """The other partnership, with something of each kind that can be named in an address or a form."""
    south = b.a_partnership(SOUTH, "E06000098")
    trust = b.a_partner(partnership=south)
    people_of = b.the_people(trust)
    scorecard = b.a_scorecard(2, code="zanzibar", partnership=south)
    said = {"commentary": f"{ZANZIBAR} was counted again.", "headline": f"{ZANZIBAR} headline"}
    cells = {line.series_id: b.a_cell(85, 100, **said) for line in scorecard.lines.all()}
    b.a_return(scorecard, state="approved", cells=cells)
    a_published_pack(scorecard, title=f"{ZANZIBAR} pack", body=f"{ZANZIBAR} board")
    a_pack(scorecard, title=f"{ZANZIBAR} draft", body=f"{ZANZIBAR} panel")
    b.an_issue(f"{ZANZIBAR} dates", partner=trust)
    b.a_statutory_return(f"{ZANZIBAR} census", partnership=south)
    body = governance.a_body(f"{ZANZIBAR} committee", partnership=south)
    governance.a_seat(body, f"{ZANZIBAR} councillor")
    item = governance.an_item(governance.a_meeting(body, state="held"), f"{ZANZIBAR} item")
    document = a_document(f"{ZANZIBAR}.pdf", by=people_of.acceptor, partnership=south)
    governance.a_paper(item, f"{ZANZIBAR} paper", document=document)
    governance.a_minute(item, f"{ZANZIBAR} was minuted.")
    governance.a_resolution(item, f"That {ZANZIBAR} be noted.")
    governance.a_question(item, f"How many in {ZANZIBAR}?")
    governance.a_work_item(f"{ZANZIBAR} update", body=body)
    governance.an_action(item, f"Bring the figures of {ZANZIBAR}.")
    by = b.a_user(Role.APPROVER, partnership=south, display_name=f"{ZANZIBAR} approver")
    add_plan(partnership=south, values=PLAN | {"partner": trust, "title": f"{ZANZIBAR} plan"}, by=by, at=b.NOW)
    add_risk(partnership=south, values=RISK | {"title": f"{ZANZIBAR} risk"}, by=by, at=b.NOW)
    refresh_search(partnership=south)
    return south


@pytest.fixture
def two(people: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Partnership, Partnership]:  # noqa: F811
    """Northshire with one of everything, and Southshire."""
    monkeypatch.setattr(documents.bounded, "run", lambda **kwargs: b"PK\x03\x04")
    return b.a_partnership(), southshire()


def told_by(response: Any) -> str:
    """All that an answer says, its headers too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return html.unescape(body.decode(errors="replace")) + str(response.headers)


def not_shipped(words: set[str]) -> set[str]:
    """The words but for those that come with the application: its own texts, and those of the fixtures."""
    paths = [*modules().values(), *(ROOT / "templates").rglob("*.html"), *(ROOT / "fixtures").rglob("*.csv")]
    shipped = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return {word for word in words if word not in shipped}


def leaked(said: str, words: set[str], sent: str = "") -> list[str]:
    """The words that are told and were not sent."""
    return sorted(word for word in words if word in said and word not in sent)


def test_person_with_every_role_elsewhere_then_every_address_and_every_reference_is_as_if_it_were_not_there(
    two: tuple[Partnership, Partnership],
) -> None:
    north, south = two
    owned = Ownership()
    assert owned.mixed() == [], "the two are apart to begin with"
    asked = " ".join(reverse(name, args=(SOUTH, *rest)) for name, rest, _ in UNDER_A_PLACE)
    words = {word for word in not_shipped(owned.words_of(north)) if word not in asked}
    assert len(words) > 100
    client = signed_in(with_every_role(south))
    for name, rest, method in UNDER_A_PLACE:
        with a_try(name):
            every_method_is_refused(client, reverse(name, args=(PLACE, *rest)))
        with a_try(f"{name} under the other slug"):
            url = reverse(name, args=(SOUTH, *rest))
            response = getattr(client, method)(url)
            assert response.status_code < 500
            assert leaked(told_by(response), words) == []
    assert Ownership().mixed() == []


def every_method_is_refused(client: Client, url: str) -> None:
    """Not there for whatever method it takes: 403 would tell that it is there."""
    # What is only sent somewhere leads back to its page, whatever is there.
    found = {client.get(url, follow=True).status_code, client.post(url).status_code}
    assert found <= {404, 405}
    assert 404 in found


def test_references_of_another_authority_when_sent_in_queries_and_forms_then_told_nothing_and_nothing_is_joined(
    two: tuple[Partnership, Partnership],
) -> None:
    north, south = two
    owned = Ownership()
    words = not_shipped(owned.words_of(south)) | {ZANZIBAR}
    assert len(words) > 30
    numbers, codes = owned.references_of(south)
    client = signed_in(with_every_role(north))
    asked = {name: [*codes, *numbers] for name in names_read()}
    assert {"line", "plan", "scorecard", "pick", "from"} <= set(asked)
    # A line of the other with a period and a rule that there are.
    line = ScorecardLine.objects.filter(scorecard__partnership=south).latest("pk")
    asked |= {"line": [str(line.pk)], "period": [b.Q4.slug], "trigger": ["outside"]}
    sent_forms: set[tuple[str, str]] = set()
    for name, rest, method in UNDER_A_PLACE:
        url = reverse(name, args=(PLACE, *rest))
        with a_try(name):
            forms = []
            if method == "get" and MATRIX[name][2] != DOWNLOADS:
                forms = forms_of(client, url, words)
            filters = {n: [*codes, *numbers] for form in forms if is_filter(form) for n in names_in(form)}
            response = client.get(url, asked | filters) if method == "get" else post(client, url, asked)
            assert response.status_code < 500
            assert leaked(told_by(response), words, str(asked)) == []
            for form in itertools.filterfalse(is_filter, forms):
                address, sent = str(form.get("action") or url), filled(form, numbers, codes)
                told = str({box: typed for box, typed in sent.items() if box not in {"csrfmiddlewaretoken", "key"}})
                if (address, told) in sent_forms:
                    continue  # the same form stands on another page
                answer = post(client, address, sent)
                assert answer.status_code < 500, sent
                assert leaked(told_by(answer), words, str(sent)) == [], sent
                sent_forms.add((address, told))
    assert len(sent_forms) > 60
    assert Ownership().mixed() == [], "a row of one that leads to the other"


# What the names of queries and boxes that views read by hand say, if it names nothing.
NO_REFERENCES = {"page", "order", "show", "parts", "do", "action", "key", "version", "reason", "next", "held", "rows",
                 "sort", "q", "sealed", "carried", "excel", "weekly", "open", "programme"}  # fmt: skip


def names_read() -> set[str]:
    """The names of queries and boxes that views read without a form, so that no form refuses what they hold."""
    reads = re.compile(r'request\.(?:GET|POST)(?:\.get|\.getlist)?[\[(]"(\w+)"')
    texts = (path.read_text() for path in modules().values() if "views" in path.parts or path.stem == "views")
    return {name for text in texts for name in reads.findall(text)} - NO_REFERENCES


def forms_of(client: Client, url: str, words: set[str]) -> list[Tag]:
    """The forms of a page, which offers nothing of the other."""
    response = client.get(url)
    said = told_by(response)
    assert leaked(said, words) == []
    if response.status_code != 200 or "html" not in response["Content-Type"]:
        return []
    page = BeautifulSoup(said, "lxml", parse_only=SoupStrainer("form"))
    return [form for form in page.select("form") if form.get("action") != reverse("sign_out")]


def post(client: Client, url: str, sent: dict[str, Any]) -> Any:
    return client.post(url, urlencode(sent, doseq=True), content_type="application/x-www-form-urlencoded")


def is_filter(form: Tag) -> bool:
    return form.get("method", "get") == "get"


def names_in(form: Tag) -> set[str]:
    return {str(box["name"]) for box in form.select("input[name], select[name]")}


PLAUSIBLE = (("period", "2021/22 Q4"), ("_on", "7 July 2022"), ("on", "7 July 2022"), ("email", "a@example.org"),
             ("number", "3"), ("value", "3"))  # fmt: skip


def filled(form: Tag, numbers: list[str], codes: list[str]) -> dict[str, Any]:
    """The form filled in, with the other's references where something is chosen."""
    boxes = form.select("input[name], select[name], textarea[name]")
    plain = {str(box["name"]): typed_into(box) for box in boxes}
    buttons = {str(one["name"]): str(one.get("value", "")) for one in form.select("button[name]")[:1]}
    chosen = {str(box["name"]): chosen_of(offers(form, box), numbers, codes) for box in boxes if is_choice(box)}
    return plain | buttons | chosen


def is_choice(box: Tag) -> bool:
    return box.name == "select" or box.get("type") in {"checkbox", "radio"} or _is_reference(box)


def _is_reference(box: Tag) -> bool:
    """A hidden box that names something, unlike those of the form itself."""
    own = {"csrfmiddlewaretoken", "key", "version", "form", "form_owner", "envelope", "action", "do"}
    return box.get("type") == "hidden" and box["name"] not in own


def offers(form: Tag, box: Tag) -> list[str]:
    """The values that may be chosen."""
    if box.name == "select":
        return [str(option.get("value", "")) for option in box.select("option") if option.get("value")]
    return [str(one.get("value", "")) for one in form.find_all("input", attrs={"name": box["name"]})]


def chosen_of(held: list[str], numbers: list[str], codes: list[str]) -> list[str]:
    """References of the same shape as what is offered: numbers for numbers, codes for codes; the last one counts where
    one is chosen."""
    pool = numbers if held and all(one.isdigit() for one in held) else codes
    return [one for one in pool if one not in held]


def typed_into(box: Tag) -> str:
    if box.get("type") == "hidden" or box.get("value"):
        return str(box.get("value", ""))
    name = str(box["name"])
    return next((words for ending, words in PLAUSIBLE if name.endswith(ending)), "Some words.")
