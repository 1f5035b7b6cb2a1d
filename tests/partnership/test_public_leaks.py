"""Nothing public tells of a few: everything that an anonymous reader can reach is read, and attacked together."""

import logging
from collections import defaultdict
from ctypes.util import find_library
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from indicators.direction_of_travel import Window
from indicators.models import Scorecard
from indicators.operations.slices import add_dimension
from indicators.rag import Polarity
from indicators.roles import Role
from indicators.units import Unit
from partnership import document_child
from partnership.documents import Form, payload_of
from partnership.models import Pack
from partnership.operations.committee_papers import keep_form
from partnership.pack_document import pack_document
from partnership.selectors.pack_documents import pack_told
from partnership.selectors.packs import status_of
from tests import builders as b
from tests.indicators.test_reconciling import a_count
from tests.partnership.meeting_world import a_whole_meeting
from tests.partnership.pack_world import a_pack, a_published_pack, accept, an_approver, publish, restate
from tests.partnership.paper_world import TWO, a_paper, issue, sign, the_clerk, write
from tests.partnership.plans_world import a_risk
from tests.partnership.region_world import CODE as REGION
from tests.partnership.region_world import a_region
from tests.reference.public_reader import everything, numbers_in, numbers_in_words, reach, texts_of, words_of_document

pytestmark = pytest.mark.once

HOUR = timedelta(hours=1)
Q3, Q4 = b.Q3, b.Q4
SOURCES = ("police", "schools", "health", "family")
NEEDS = ("abuse", "illness")
# By source and need: what only the partnership knows.
BEFORE = {
    ("police", "abuse"): 41, ("police", "illness"): 3, ("schools", "abuse"): 22, ("schools", "illness"): 18,
    ("health", "abuse"): 0, ("health", "illness"): 25, ("family", "abuse"): 2, ("family", "illness"): 12,
}  # fmt: skip
# The quarter after: one child more from the police, nobody else.
AFTER = BEFORE | {("police", "abuse"): 42, ("family", "abuse"): 4}
# Shares: of a small group nobody, and all; nearly all of a large one; a few of many; an ordinary one.
SHARES = {"none-of-few": (0, 8), "all-of-few": (7, 7), "nearly-all": (148, 150), "few-of-many": (4, 400),
          "ordinary": (60, 200)}  # fmt: skip
SENTENCES = ("Only two children came from families.", "The child’s uncle Xerxes brought him.", "born on 3 May 2011")
# In minutes, resolutions, actions, risks and a committee paper: told to members alone.
MEMBERS_ONLY = "Xanthippe"
GOVERNANCE = tuple(f"/northshire/{name}/" for name in ("meetings", "resolutions", "actions", "risks", "search"))


def keys_of(table):
    """Every slice of a table by source and need with its number, margins and the whole included."""
    found = defaultdict(int)
    for (source, need), number in table.items():
        for key in (f"need={need}|source={source}", f"need={need}", f"source={source}", ""):
            found[key] += number
    return dict(found)


class World:
    """One scorecard of two quarters, with a year to date beside its quarters, and all kinds of small numbers."""

    def __init__(self, *periods):
        add_dimension(code="source", name="Source", kind="partition",
                      categories=[(one, one.capitalize()) for one in SOURCES])  # fmt: skip
        add_dimension(code="need", name="Need", kind="partition",
                      categories=[(one, one.capitalize()) for one in NEEDS])  # fmt: skip
        self.scorecard = b.a_scorecard(code="children")
        Scorecard.objects.filter(pk=self.scorecard.pk).update(purpose=Scorecard.Purpose.ACTIVITY)
        self.scorecard.refresh_from_db()
        self.counts = {key: self._count("referred", key) for key in keys_of(BEFORE)}
        self.to_date = self._count("to-date", "", Window.YEAR_TO_DATE)
        self.shares = {code: b.an_indicator(code, name=code, scorecard=self.scorecard, target=None) for code in SHARES}
        self.rows = {}
        told = {Q3: (BEFORE, 700), Q4: (AFTER, 703)}
        for period in periods or told:
            table, year = told[period]
            self.rows[period] = b.a_return(self.scorecard, period, state="approved", cells=self.cells(table, year))

    def _count(self, code, key, window=Window.PERIOD):
        return b.an_indicator(code, name=code, scorecard=self.scorecard, unit=Unit.COUNT, polarity=Polarity.NONE,
                              slice_key=key, window=window)  # fmt: skip

    def cells(self, table, year):
        said = "Checked twice."
        cells = {self.counts[key].series.pk: a_count(number, said) for key, number in keys_of(table).items()}
        cells[self.counts[""].series.pk] = replace(cells[self.counts[""].series.pk], commentary=SENTENCES[0])
        cells[self.counts["source=schools"].series.pk] = replace(
            cells[self.counts["source=schools"].series.pk], commentary=f"{SENTENCES[1]} {SENTENCES[2]}"
        )
        cells[self.to_date.series.pk] = a_count(year, said)
        for code, (numerator, denominator) in SHARES.items():
            cells[self.shares[code].series.pk] = b.a_cell(
                numerator, denominator, keep_reason=said, commentary="Explained."
            )
        return cells


@pytest.fixture
def world(db):
    return World()


def published(world):
    """Three packs for everybody and one for the board: of each quarter, and again once one child is known more."""
    given = {"leave_out": True}
    for number, (period, body) in enumerate(((Q3, "Panel"), (Q4, "Panel of spring"))):
        pack = a_pack(world.scorecard, period=period, audience="public", body=body, at=b.NOW + number * HOUR)
        accept(pack, at=b.NOW + number * HOUR, **given)
        publish(pack, at=b.NOW + number * HOUR)
    more = AFTER | {("schools", "abuse"): 23}
    cells = {world.counts[key].series: replace(a_count(number, "One more."), commentary="One came in late.")
             for key, number in keys_of(more).items() if number != keys_of(AFTER)[key]}  # fmt: skip
    restate(world.rows[Q4], cells, at=b.NOW + 3 * HOUR)
    pack = a_pack(world.scorecard, period=Q4, audience="public", body="Panel again", at=b.NOW + 4 * HOUR)
    accept(pack, at=b.NOW + 4 * HOUR, **given)
    publish(pack, at=b.NOW + 4 * HOUR)
    a_published_pack(world.scorecard, period=Q4, body="Board", at=b.NOW + 4 * HOUR)
    told_to_members(pack)
    a_region(pack.partnership.slug)
    return more


def told_to_members(pack):
    """A meeting with its minutes, resolutions and actions, a risk, and an issued committee paper of the public pack."""
    a_whole_meeting(open_words=MEMBERS_ONLY)
    a_risk(by=an_approver(), title=f"Risk {MEMBERS_ONLY}", cause=f"Cause {MEMBERS_ONLY}")
    keep_form(partnership=pack.partnership, sections=TWO, version=0, by=the_clerk(), at=b.NOW)
    late = b.NOW + 5 * HOUR
    paper = a_paper(pack, title=f"Paper {MEMBERS_ONLY}")
    write(paper, "summary", f"Words {MEMBERS_ONLY}", at=late)
    sign(paper, "legal", at=late)
    issue(paper, made={Form.DOCX: MEMBERS_ONLY.encode()}, at=late)


def documents_as_forwarded(numbers):
    """The documents of packs for everybody are given to members, one of whom passes them on: what they tell is added
    to what everybody reads. Word and PDF tell the same."""
    names = {_printed(key): ("referred", key) for key in keys_of(BEFORE)} | {one: (one, "") for one in SHARES}
    slugs = {one.label: one.slug for one in (Q3, Q4)}
    for pack in Pack.objects.filter(audience="public", tables__isnull=False).distinct().order_by("pk"):
        label = pack.choices.get().period.label
        payload = payload_of(pack_document(pack_told(status_of(pack))))
        said = words_of_document(document_child.write_docx(payload, lambda line: None))
        assert not [one for one in (*SENTENCES, MEMBERS_ONLY) if one in said]
        told = set(numbers_in_words(said, names, label))
        assert len({name for name, *_ in told}) >= 5, pack
        for name, period, part, number in told:
            numbers[(*names[name], slugs[period], part)].add(number)
    parts = {part for *_, part, _ in told}
    assert parts == {"value", "numerator", "denominator", "previous_from"}
    if find_library("pangoft2-1.0"):
        pdf = words_of_document(document_child.write_pdf(payload, lambda line: None))
        assert set(numbers_in_words(pdf, names, label)) == told


def _printed(key):
    parts = [part.split("=")[1].capitalize() for part in key.split("|") if part]
    return f"referred: {', '.join(parts)}" if parts else "referred"


def hidden_then_rounded(world):
    """The same quarter for everybody twice: its small numbers hidden, and later its counts rounded. The addresses of
    what everybody reads then; that other forms tell the same is shown above."""
    told = []
    for number, how in enumerate(("hide", "round")):
        at = b.NOW + number * HOUR
        pack = a_pack(world.scorecard, period=Q3, audience="public", body=f"Panel {how}", at=at, small_numbers=how)
        accept(pack, at=at, leave_out=True)
        publish(pack, at=at)
        told += [f"/data/northshire/{pack.code}/{one.code}.csv" for one in pack.tables.all()]
    return [*told, "/api/v1/figures?page_size=100"]


def read():
    """Everything that anybody can reach, and the numbers it tells by figure."""
    found = everything(Client(), ["/", "/data/", "/api/v1/", "/api/v1/openapi.json", "/api/v1/figures", "/symbols/",
                                 "/components/",                                  *GOVERNANCE])  # fmt: skip
    numbers = defaultdict(set)
    for address, (status, _, body) in found.items():
        if status == 200:
            for name, number in numbers_in(address.split("?")[0], body):
                numbers[name].add(number)
    return found, numbers


@pytest.mark.long
@pytest.mark.django_db
def test_everything_public_when_read_together_then_no_small_number_can_be_worked_out(world, caplog, settings):
    caplog.set_level(logging.DEBUG)
    settings.API_RATE = settings.FILE_RATE = 0  # a patient reader waits
    more = published(world)
    found, numbers = read()
    documents_as_forwarded(numbers)
    every_form_was_read(found)
    no_sentence_tells(found, caplog.text)
    what_members_are_told_needs_a_sign_in(found)
    shares_tell_of_nobody(numbers)
    the_quarter_between_two_years_to_date_is_not_told(numbers)
    assert not [address for address in found if "/board-" in address]
    no_count_can_be_worked_out(numbers, more)


@pytest.mark.long
@pytest.mark.django_db
def test_rounded_pack_when_read_beside_a_hidden_one_then_no_small_number_can_be_worked_out():
    numbers = defaultdict(set)
    for address in hidden_then_rounded(World(Q3)):
        response = Client().get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200, address
        assert not [one for one in SENTENCES if one.encode() in body]
        for name, number in numbers_in(address.split("?")[0], body):
            numbers[name].add(number)
    truth = keys_of(BEFORE)
    known, near, small = {}, {}, []
    for key, number in truth.items():
        name = (Q3.slug, 0, key)
        printed = set.union(*(numbers[("referred", key, Q3.slug, f"{part}~")] for part in ("value", "numerator")))
        assert printed, key
        assert all(one % 5 == 0 and abs(one - number) < 5 for one in printed), (key, printed)
        near[name] = (max(max(printed) - 4, 0), min(printed) + 4)
        if number in numbers[("referred", key, Q3.slug, "value")]:
            known[name] = number
        small += [name] if 0 < number < 6 else []
    assert len(small) == 2
    assert len(known) >= 4
    for name in small:
        low, high = reach(name, known, sums_of(Q3.slug, 0, truth), near)
        assert low <= 1, (name, low, high)
        assert high >= 5, (name, low, high)


def every_form_was_read(found):
    forms = {address.rsplit(".", 1)[-1] for address in found}
    assert {"csv", "json", "xlsx", "ods", "zip"} <= forms, forms
    assert any(address.startswith(f"/data/regions/{REGION}/") for address in found)
    assert sum(status == 200 for status, *_ in found.values()) > 60
    assert not [address for address, (status, *_) in found.items() if status >= 500 or status == 429]


def no_sentence_tells(found, log):
    """In no answer, no header and no log."""
    for address, (_, headers, body) in found.items():
        for where, text in [*texts_of(address, body), ("headers", str(headers))]:
            assert not [one for one in (*SENTENCES, MEMBERS_ONLY) if one in text], (address, where)
    assert not [one for one in (*SENTENCES, MEMBERS_ONLY) if one in log]


def what_members_are_told_needs_a_sign_in(found):
    """The pages that tell it to a member send everybody else to the sign-in."""
    member = Client()
    member.force_login(b.a_user(Role.BOARD_MEMBER))
    told = [
        address for address in GOVERNANCE if MEMBERS_ONLY in member.get(f"{address}?q={MEMBERS_ONLY}").content.decode()
    ]
    assert told == list(GOVERNANCE)
    for address in GOVERNANCE:
        status, headers, _ = found[address]
        assert (status, headers["Location"]) == (302, f"/sign-in/?next={address}")


def shares_tell_of_nobody(numbers):
    """Neither of a small group, all or none of it, nor of the few that are left out of a large one."""
    assert {code for code, *_ in numbers if code in SHARES} == {"ordinary"}
    assert numbers[("ordinary", "", Q4.slug, "numerator")] == {60.0}


def the_quarter_between_two_years_to_date_is_not_told(numbers):
    """703 at the end of the year after 700 at the end of December: three in a quarter."""
    shown = {n for (code, _, _, _), found in numbers.items() if code == "to-date" for n in found}
    assert not {700.0, 703.0} <= shown
    assert 3.0 not in shown


def no_count_can_be_worked_out(numbers, more):
    """What is shown of each figure, as the attacker puts it together: by table of a quarter, all revisions apart."""
    tables = {Q3.slug: [keys_of(BEFORE)], Q4.slug: [keys_of(AFTER), keys_of(more)]}
    known, secret, sums = {}, {}, []
    for slug, versions in tables.items():
        for version, truth in enumerate(versions):
            for key, number in truth.items():
                name = (slug, version, key)
                shown = {n for part in ("value", "numerator", "now_value", "then_value")
                         for n in numbers[("referred", key, slug, part)]}  # fmt: skip
                if slug == Q3.slug:
                    shown |= numbers[("referred", key, Q4.slug, "previous_from")]
                if number in shown:
                    known[name] = number
                elif 0 < number < 6:
                    secret[name] = number
            sums += sums_of(slug, version, truth)
    # By how many a corrected figure differs is a number of children too.
    for key, number in keys_of(more).items():
        was = keys_of(AFTER)[key]
        if was != number:
            sums.append({(Q4.slug, 1, key): 1, (Q4.slug, 0, key): -1, ("by", key): -1})
            secret[("by", key)] = number - was
    assert len(secret) >= 6
    assert known, "Nothing is shown at all"
    for name, number in secret.items():
        low, high = reach(name, known, sums)
        assert low <= 1, (name, number, low, high)
        assert high is None or high >= 5, (name, number, low, high)


def sums_of(slug, version, truth):
    """What anybody knows: parts make their whole, along each dimension."""

    def at(key):
        return slug, version, key

    found = [
        {at(""): 1} | {at(f"source={one}"): -1 for one in SOURCES},
        {at(""): 1} | {at(f"need={one}"): -1 for one in NEEDS},
    ]
    found += [{at(f"source={one}"): 1} | {at(f"need={need}|source={one}"): -1 for need in NEEDS} for one in SOURCES]
    found += [{at(f"need={one}"): 1} | {at(f"need={one}|source={source}"): -1 for source in SOURCES} for one in NEEDS]
    return [one for one in found if all(name[2] in truth for name in one)]


def test_reader_when_somebody_publishes_a_small_number_then_it_is_found():
    """The attack itself: told one number too many, it works the secret out."""
    truth = keys_of(BEFORE)
    known = {(Q3.slug, 0, key): number for key, number in truth.items() if key != "need=illness|source=police"}
    assert reach((Q3.slug, 0, "need=illness|source=police"), known, sums_of(Q3.slug, 0, truth)) == (3, 3)
    name, total = (Q3.slug, 0, "need=illness|source=police"), (Q3.slug, 0, "need=abuse|source=police")
    del known[total]
    assert reach(name, known, sums_of(Q3.slug, 0, truth), {name: (1, 9), total: (36, 44)}) == (3, 3)
    for key in ("source=police", "need=illness", "need=abuse"):
        del known[Q3.slug, 0, key]
    assert reach(name, known, sums_of(Q3.slug, 0, truth), {name: (1, 9), total: (36, 44)}) == (1, 8)
