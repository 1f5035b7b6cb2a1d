"""Quorum, vacancies and votes from dated seats: one table, and what holds whatever the table."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership import quorum as q
from partnership.models import AgendaItem, Attendance, Seat
from partnership.quorum import Answer, Attended, DatedSeat, Function, Held, Interest, Item, Role, Rule, Status, Votes

DAY = date(2022, 7, 7)
LONG_AGO = date(2015, 4, 2)
BODY = "panel"
GENERAL, EDUCATION = Item(5, "5"), Item(6, "6", Function.EDUCATION)
QUARTER = Rule(one_in=4)


def seat(key, *, role=Role.MEMBER, votes=Votes.ALL, body=BODY, until_on=None, held=((LONG_AGO, None),)):
    holdings = tuple(Held("Councillor", *one) for one in held)
    return DatedSeat(key, body, key.title(), role, votes, LONG_AGO, until_on, holdings)


VACANT = ()
EIGHT = tuple(seat(f"m{n}") for n in range(1, 9))
CO_OPTEE = seat("diocese", role=Role.CO_OPTEE, votes=Votes.EDUCATION)
BEFORE = DAY - timedelta(days=1)


def there(*keys, **changed):
    return [replace(Attended(key, Status.PRESENT), **changed) for key in keys]


def of(seats, attended, *, rule=QUARTER, item=GENERAL, interests=()):
    (found,) = q.standings(
        seats=seats, body=BODY, on=DAY, rule=rule, items=[item], attended=attended, interests=interests
    )
    return found


# Seats, who was there, rule, item, interests; voters, needed, answer
TABLE = {
    "a number, reached": (EIGHT, there("m1", "m2", "m3"), Rule(3), GENERAL, (), 3, 3, Answer.QUORATE),
    "a number, one short": (EIGHT, there("m1", "m2"), Rule(3), GENERAL, (), 2, 3, Answer.NOT_QUORATE),
    "a quarter of eight": (EIGHT, there("m1", "m2"), QUARTER, GENERAL, (), 2, 2, Answer.QUORATE),
    "a quarter of nine is three": (
        (*EIGHT, seat("m9")), there("m1", "m2"), QUARTER, GENERAL, (), 2, 3, Answer.NOT_QUORATE,
    ),
    "a share counts vacancies": (
        (*EIGHT, seat("m9", held=VACANT)), there("m1", "m2"), QUARTER, GENERAL, (), 2, 3, Answer.NOT_QUORATE,
    ),
    "a share of filled seats": (
        (*EIGHT, seat("m9", held=VACANT)), there("m1", "m2"), Rule(one_in=4, counts_vacancies=False), GENERAL, (),
        2, 2, Answer.QUORATE,
    ),
    "both a number and a share: the greater": (
        EIGHT, there("m1", "m2"), Rule(3, 4), GENERAL, (), 2, 3, Answer.NOT_QUORATE,
    ),
    "a third rounds up": (EIGHT, there("m1", "m2"), Rule(one_in=3), GENERAL, (), 2, 3, Answer.NOT_QUORATE),
    "no rule": (EIGHT, there(*(s.key for s in EIGHT)), Rule(), GENERAL, (), 8, None, Answer.NOT_STATED),
    "no rule and nobody recorded": (EIGHT, [], Rule(), GENERAL, (), 0, None, Answer.NOT_STATED),
    "a rule of nought still needs one": (
        EIGHT, [Attended("m1", Status.APOLOGIES)], Rule(0), GENERAL, (), 0, 1, Answer.NOT_QUORATE,
    ),
    "nobody's attendance is recorded": (EIGHT, [], QUARTER, GENERAL, (), 0, 2, Answer.NOT_RECORDED),
    "no seats are recorded": ((), there("m1"), QUARTER, GENERAL, (), 0, None, Answer.NOT_RECORDED),
    "a co-optee on another item": (
        (*EIGHT[:4], CO_OPTEE), there("m1", "diocese"), Rule(2), GENERAL, (), 1, 2, Answer.NOT_QUORATE,
    ),
    "a co-optee on education": (
        (*EIGHT[:4], CO_OPTEE), there("m1", "diocese"), Rule(2), EDUCATION, (), 2, 2, Answer.QUORATE,
    ),
    "a share of those who vote on the item": (
        (*EIGHT, CO_OPTEE), there("m1", "m2", "diocese"), QUARTER, EDUCATION, (), 3, 3, Answer.QUORATE,
    ),
    "an officer never votes": (
        (*EIGHT, seat("clerk", role=Role.OFFICER)), there("m1", "clerk"), QUARTER, GENERAL, (), 1, 2,
        Answer.NOT_QUORATE,
    ),
    "an invitee never votes": (
        (*EIGHT, seat("union", role=Role.INVITEE)), there("m1", "union"), QUARTER, EDUCATION, (), 1, 2,
        Answer.NOT_QUORATE,
    ),
    "a member without a vote": (
        (*EIGHT, seat("observer", votes=Votes.NONE)), there("m1", "observer"), QUARTER, GENERAL, (), 1, 2,
        Answer.NOT_QUORATE,
    ),
    "declared and withdrew": (
        EIGHT, there("m1", "m2"), QUARTER, GENERAL, [Interest("m2", 5, withdrew=True)], 1, 2, Answer.NOT_QUORATE,
    ),
    "withdrew from another item": (
        EIGHT, there("m1", "m2"), QUARTER, GENERAL, [Interest("m2", 6, withdrew=True)], 2, 2, Answer.QUORATE,
    ),
    "withdrew from the whole": (
        EIGHT, there("m1", "m2"), QUARTER, GENERAL, [Interest("m2", None, withdrew=True)], 1, 2, Answer.NOT_QUORATE,
    ),
    "declared and stayed": (
        EIGHT, there("m1", "m2"), QUARTER, GENERAL, [Interest("m2", 5, withdrew=False)], 2, 2, Answer.QUORATE,
    ),
    "pecuniary, and stayed": (
        EIGHT, there("m1", "m2"), QUARTER, GENERAL, [Interest("m2", 5, withdrew=False, is_pecuniary=True)], 1, 2,
        Answer.NOT_QUORATE,
    ),
    "pecuniary in no item": (
        EIGHT, there("m1", "m2"), QUARTER, GENERAL, [Interest("m2", None, withdrew=False, is_pecuniary=True)], 2, 2,
        Answer.QUORATE,
    ),
    "arrived for the item": (EIGHT, there("m1", "m2", from_item=5), QUARTER, GENERAL, (), 2, 2, Answer.QUORATE),
    "arrived for the next": (EIGHT, there("m1", "m2", from_item=6), QUARTER, GENERAL, (), 0, 2, Answer.NOT_QUORATE),
    "left before the item": (EIGHT, there("m1", "m2", before_item=5), QUARTER, GENERAL, (), 0, 2, Answer.NOT_QUORATE),
    "left after the item": (EIGHT, there("m1", "m2", before_item=6), QUARTER, GENERAL, (), 2, 2, Answer.QUORATE),
    "a substitute stands in": (
        EIGHT, there("m1") + there("m2", status=Status.SUBSTITUTE), QUARTER, GENERAL, (), 2, 2, Answer.QUORATE,
    ),
    "apologies and absence": (
        EIGHT, there("m1") + there("m2", status=Status.APOLOGIES) + there("m3", status=Status.ABSENT), QUARTER, GENERAL,
        (), 1, 2, Answer.NOT_QUORATE,
    ),
    "only in attendance": (
        EIGHT, there("m1") + there("m2", status=Status.IN_ATTENDANCE), QUARTER, GENERAL, (), 1, 2, Answer.NOT_QUORATE,
    ),
    "a seat that nobody holds": (
        (*EIGHT[:7], seat("m8", held=VACANT)), there("m1", "m8"), QUARTER, GENERAL, (), 1, 2, Answer.NOT_QUORATE,
    ),
    "a seat that ends that day": (
        (*EIGHT[:7], seat("m8", until_on=DAY)), there("m1", "m8"), QUARTER, GENERAL, (), 2, 2, Answer.QUORATE,
    ),
    "a seat that ended the day before": (
        (*EIGHT[:7], seat("m8", until_on=BEFORE)), there("m1", "m8"), QUARTER, GENERAL, (), 1, 2, Answer.NOT_QUORATE,
    ),
    "a holding that ends that day": (
        (*EIGHT[:7], seat("m8", held=((LONG_AGO, DAY),))), there("m1", "m8"), QUARTER, GENERAL, (), 2, 2,
        Answer.QUORATE,
    ),
    "a holding that ended the day before": (
        (*EIGHT[:7], seat("m8", held=((LONG_AGO, BEFORE),))), there("m1", "m8"), QUARTER, GENERAL, (), 1, 2,
        Answer.NOT_QUORATE,
    ),
    "a holding that begins that day": (
        (*EIGHT[:7], seat("m8", held=((DAY, None),))), there("m1", "m8"), QUARTER, GENERAL, (), 2, 2, Answer.QUORATE,
    ),
    "two bodies: a seat on the other": (
        (*EIGHT, seat("board", body="board")), there("m1", "board"), QUARTER, GENERAL, (), 1, 2, Answer.NOT_QUORATE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_quorum_when_worked_out_then_it_is_as_the_table_says(case):
    seats, attended, rule, item, interests, present, needed, answer = TABLE[case]
    found = of(seats, attended, rule=rule, item=item, interests=interests)
    assert (found.present, found.needed, found.answer) == (present, needed, answer)
    assert found.sentence.endswith(".")
    assert (answer == Answer.QUORATE) == found.sentence.startswith("Quorate")


def test_quorum_when_somebody_leaves_midway_then_each_item_has_its_own_answer():
    attended = there("m1") + there("m2", before_item=6) + there("m3", from_item=7)
    items = [GENERAL, Item(6, "6"), Item(7, "7")]
    found = q.standings(seats=EIGHT, body=BODY, on=DAY, rule=QUARTER, items=items, attended=attended)
    assert [s.voters for s in found] == [("m1", "m2"), ("m1",), ("m1", "m3")]
    assert q.summary(found) == "Not quorate for item 6; see each item."
    assert q.summary(found[:1]) == "Quorate throughout: never fewer than 2 with a vote, where 2 are needed."
    assert q.summary(found[1:2]) == "Not quorate for any item."
    assert q.summary(()) == ""


def test_quorum_when_two_seats_of_one_name_have_no_vote_then_the_note_stands_once():
    two = [replace(CO_OPTEE, key=key, title="Education co-optee") for key in ("one", "two")]
    found = of((*EIGHT, *two), there("m1", "m2", "one", "two"))
    assert found.notes == ("Education co-optee: votes on education functions only, so not on this item.",)


def test_quorum_when_it_cannot_be_reached_or_told_then_a_sentence_says_why():
    few = (*EIGHT[:2], *(seat(f"v{n}", held=VACANT) for n in range(10)))
    assert of(few, there("m1", "m2")).sentence == (
        "Not quorate: 2 members with a vote were there, 3 needed. Only 2 of its seats with a vote are filled, so it "
        "could not be quorate."
    )
    assert of(EIGHT, there("m1"), rule=Rule()).sentence == (
        "1 member with a vote was there; the body’s quorum rule is not stated, so nobody can say whether it was "
        "quorate."
    )
    assert of(EIGHT, []).sentence == "2 with a vote are needed. Who was there is not recorded."
    assert of((), there("m1"), rule=Rule(2)).sentence.startswith("Not quorate: no members with a vote were there")
    told = of(
        (*EIGHT, CO_OPTEE, seat("gone", held=VACANT), seat("clerk", role=Role.OFFICER)),
        there("m1", "m2", "diocese", "gone", "clerk"), interests=[Interest("m2", 5, withdrew=True)],
    )  # fmt: skip
    assert told.notes == (
        "M2: declared an interest and withdrew; not counted, and no vote.",
        "Diocese: votes on education functions only, so not on this item.",
        "Gone: somebody is recorded as present, but nobody held the seat that day; not counted.",
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "not stated"),
        (Rule(1), "at least 1 member with a vote"),
        (Rule(3), "at least 3 members with a vote"),
        (Rule(one_in=4), "one in 4 of the seats with a vote, vacant ones included"),
        (Rule(one_in=1, counts_vacancies=False), "every seat with a vote, vacant ones left out"),
        (
            Rule(3, 4),
            "at least 3 members with a vote and one in 4 of the seats with a vote, vacant ones included",
        ),
    ],
)
def test_rule_when_put_in_words_then_they_say_what_it_asks(rule, words):
    assert rule.words == words


@pytest.mark.parametrize(
    ("held", "words", "first_named"),
    [
        (((LONG_AGO, None),), "Councillor", False),
        (((LONG_AGO, DAY),), "Councillor", False),
        (((LONG_AGO, BEFORE),), "vacant since 7 July 2022", False),
        (((LONG_AGO, date(2016, 4, 30)),), "vacant since 1 May 2016", False),
        (((LONG_AGO, date(2016, 4, 30)), (date(2017, 1, 1), date(2017, 3, 31))), "vacant since 1 April 2017", True),
        (((date(2023, 1, 1), None),), "never filled, from 2 April 2015", False),
        (VACANT, "vacant when first named, 2 April 2015", True),
    ],
)
def test_vacancy_when_put_in_words_then_it_says_since_when(held, words, first_named):
    (found,) = q.seats_on([seat("m1", held=held)], BODY, DAY)
    assert q.holder_words(found, is_first_named=first_named) == words
    assert found.is_vacant == ("Councillor" not in words)


def test_vacancies_when_counted_then_only_seats_with_a_vote():
    seats = [*EIGHT, CO_OPTEE, seat("v", held=VACANT), seat("union", role=Role.INVITEE, held=VACANT)]
    assert q.vacancies_words(q.seats_on(seats, BODY, DAY)) == "11 seats, 10 with a vote; 1 of those is vacant."
    assert q.vacancies_words(q.seats_on(EIGHT[:1], BODY, DAY)) == "1 seat, 1 with a vote; none of those is vacant."
    assert q.vacancies_words(()) == ""


def test_words_of_the_tables_when_compared_then_they_are_these():
    for own, stored in (
        (Role, Seat.Role), (Votes, Seat.Votes), (Function, AgendaItem.Function), (Status, Attendance.Status),
    ):  # fmt: skip
        assert {one.value for one in own} == set(stored.values)


# What holds whatever the table

_DAYS = st.sampled_from([LONG_AGO, BEFORE, DAY, DAY + timedelta(days=1)])
_ENDS = st.one_of(st.none(), _DAYS)
_HELD = st.lists(st.builds(Held, st.just("Councillor"), _DAYS, _ENDS), max_size=2).map(tuple)
_KEYS = ("a", "b", "c", "d", "e", "f")
_SEATS = st.tuples(
    *(
        st.builds(
            DatedSeat, st.just(key), st.sampled_from([BODY, BODY, "board"]), st.just(key), st.sampled_from(Role),
            st.sampled_from(Votes), _DAYS, _ENDS, _HELD,
        )
        for key in _KEYS
    )
)  # fmt: skip
_ORDERS = st.one_of(st.none(), st.integers(4, 7))
_ATTENDED = st.lists(
    st.builds(Attended, st.sampled_from(_KEYS), st.sampled_from(Status), _ORDERS, _ORDERS),
    unique_by=lambda a: a.seat,
)
_INTERESTS = st.lists(st.builds(Interest, st.sampled_from(_KEYS), _ORDERS, st.booleans(), st.booleans()), max_size=3)
_RULES = st.builds(
    Rule, st.one_of(st.none(), st.integers(0, 4)), st.one_of(st.none(), st.integers(1, 4)), st.booleans()
)
_ITEMS = st.sampled_from([GENERAL, EDUCATION])


@given(_SEATS, _ATTENDED, _RULES, _ITEMS, _INTERESTS, st.data())
def test_quorum_when_somebody_goes_or_declares_then_nothing_becomes_quorate(
    seats, attended, rule, item, interests, data
):
    before = of(seats, attended, rule=rule, item=item, interests=interests)
    assert rule.is_stated or before.answer == Answer.NOT_STATED
    gone = data.draw(st.sampled_from(_KEYS))
    fewer = [a for a in attended if a.seat != gone]
    after = of(seats, fewer, rule=rule, item=item, interests=interests)
    more = [*interests, Interest(gone, item.order, withdrew=True)]
    declared = of(seats, attended, rule=rule, item=item, interests=more)
    for found in (after, declared):
        assert set(found.voters) == set(before.voters) - {gone}
        assert found.needed == before.needed
        assert before.answer == Answer.QUORATE or found.answer != Answer.QUORATE


@given(_SEATS, _ATTENDED, _RULES, _ITEMS, _INTERESTS, st.data())
def test_quorum_when_a_seat_falls_vacant_then_nobody_gains_a_vote(seats, attended, rule, item, interests, data):
    gone = data.draw(st.sampled_from(_KEYS))
    emptied = tuple(replace(s, holdings=()) if s.key == gone else s for s in seats)
    before = of(seats, attended, rule=rule, item=item, interests=interests)
    after = of(emptied, attended, rule=rule, item=item, interests=interests)
    assert set(after.voters) == set(before.voters) - {gone}
    if rule.counts_vacancies:
        assert after.needed == before.needed


@given(_SEATS, _ATTENDED, _RULES, _INTERESTS)
def test_quorum_when_the_item_is_on_education_then_no_vote_is_lost(seats, attended, rule, interests):
    general = of(seats, attended, rule=rule, interests=interests)
    education = of(seats, attended, rule=rule, item=replace(GENERAL, function=Function.EDUCATION), interests=interests)
    assert set(general.voters) <= set(education.voters)
    by_key = {s.key: s for s in seats}
    assert all(by_key[k].role not in {Role.OFFICER, Role.INVITEE} for k in education.voters)
    assert all(by_key[k].body == BODY for k in education.voters)


@pytest.mark.parametrize(
    ("seats", "names"),
    [
        ([("Chair", "chair"), ("Councillor", "member")], ["Chair", "Councillor"]),
        ([("Councillor", "chair"), ("Councillor", "vice_chair"), ("Councillor", "member"), ("Councillor", "member")],
         ["Chair", "Vice-chair", "Councillor 1", "Councillor 2"]),
        ([("Education co-optee", "co_optee"), ("Education co-optee", "co_optee")],
         ["Education co-optee 1", "Education co-optee 2"]),
    ],
)  # fmt: skip
def test_seats_when_named_then_no_two_alike(seats, names):
    found = q.names_of([(str(n), title, q.Role(role)) for n, (title, role) in enumerate(seats)])
    assert list(found.values()) == names
