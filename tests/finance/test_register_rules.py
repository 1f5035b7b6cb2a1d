"""The pure rules of the registers: what is late, how far a day moved, how many beds, and what adds up."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from finance.capacity import Beds, Expected, beds_sentences, is_later, last_day, moved_words, stated_sentence
from finance.due import DONE, ENDED, LATE, WAITING, Step, claim_standing, milestone_standing
from finance.programme_sums import Costed, made_words, paid_to, programme_checks
from finance.register_findings import finding
from indicators.balance import Amount

TODAY = date(2022, 7, 7)
JULY, OCTOBER = date(2022, 7, 7), date(2022, 10, 7)


def pounds(value: int, quantum: int | None = 1) -> Amount:
    return Amount(Decimal(value), None if quantum is None else Decimal(quantum))


# Days


@pytest.mark.parametrize(
    ("precision", "last"),
    [
        ("day", date(2022, 8, 1)),
        ("month", date(2022, 8, 31)),
        ("season", date(2022, 10, 31)),
        ("year", date(2022, 12, 31)),
    ],
)
def test_day_when_known_less_exactly_then_it_is_in_time_to_the_end(precision, last):
    assert last_day(date(2022, 8, 1), precision) == last


def test_season_when_it_runs_over_new_year_then_it_ends_in_the_next():
    assert last_day(date(2022, 12, 1), "season") == date(2023, 2, 28)


LEAST = "later at least than autumn 2022, said on 7 July 2022"


@pytest.mark.parametrize(
    ("first", "now", "words"),
    [
        (("2022-08-01", "month", ""), ("2022-10-01", "month", ""), "2 months later than said on 7 July 2022"),
        (("2022-08-01", "month", ""), ("2022-07-20", "day", ""), "1 month earlier than said on 7 July 2022"),
        (("2022-08-01", "day", ""), ("2022-08-24", "day", ""), "23 days later than said on 7 July 2022"),
        (("2022-08-31", "day", ""), ("2022-11-30", "day", ""), "2 months later than said on 7 July 2022"),
        (("2022-08-01", "month", ""), ("2023-01-01", "year", ""), "1 year later than said on 7 July 2022"),
        (("2022-08-01", "month", ""), ("2022-08-15", "day", ""), "as said on 7 July 2022"),
        (("2022-08-01", "month", ""), (None, "", ""), "no date any more; August 2022 was said on 7 July 2022"),
        ((None, "", "autumn 2022"), ("2022-12-01", "month", ""), f"about 1 month {LEAST}"),
        ((None, "", "Autumn 2022"), ("2023-03-31", "day", ""), f"about 4 months {LEAST.replace('aut', 'Aut')}"),
        (("2022-09-01", "season", "autumn 2022"), ("2022-11-30", "day", ""), "as said on 7 July 2022"),
        (
            ("2022-12-20", "day", ""),
            (None, "", "autumn 2022"),
            "about 1 month earlier at least than 20 December 2022, said on 7 July 2022",
        ),
        ((None, "", "winter 2022"), ("2023-03-31", "day", ""), "winter 2022 was said on 7 July 2022"),
        ((None, "", ""), ("2022-12-01", "month", ""), "no date was said on 7 July 2022"),
        ((None, "", "autumn 2022"), (None, "", "autumn 2022"), ""),
    ],
)
def test_slippage_when_a_day_moves_then_it_is_told_no_finer_than_it_is_known(first, now, words):
    def expected(known_on, on, precision, said):
        return Expected(known_on, date.fromisoformat(on) if on else None, precision, said)

    assert moved_words(expected(JULY, *first), expected(OCTOBER, *now)) == words
    if words:
        assert moved_words(expected(JULY, *first), expected(JULY, *now)) == words, "known on the same day"


@pytest.mark.parametrize(
    ("before", "now", "later"),
    [
        ((None, "", "autumn 2022"), ("2023-03-31", "day", ""), True),
        ((None, "", "autumn 2022"), ("2022-11-30", "day", ""), False),
        ((None, "", "August 2022"), (None, "", "September 2022"), True),
        ((None, "", "2022"), (None, "", ""), True),
        ((None, "", "2022/23"), ("2023-03-31", "day", ""), None),
        ((None, "", "0000"), (None, "", "0000"), False),
        (("2022-08-31", "day", ""), ("2022-08-01", "month", ""), False),
        (("2022-08-30", "day", ""), ("2022-08-01", "month", ""), True),
        ((None, "", ""), ("2023-03-31", "day", ""), False),
    ],
)
def test_opening_when_its_last_day_in_time_moves_back_then_it_is_later_whatever_the_precision(before, now, later):
    def expected(on, precision, said):
        return Expected(JULY, date.fromisoformat(on) if on else None, precision, said)

    assert is_later(expected(*before), expected(*now)) is later


# Beds


def test_beds_when_only_one_home_has_a_number_then_the_rest_of_the_total_is_left_for_the_others():
    homes = [Beds("Skylarks", 4, 4), Beds("Cambourne", None, None), Beds("Tickhill", None, None)]
    assert beds_sentences(homes) == [
        "The 1 home whose number is stated brings 4 beds.",
        "For 2 homes no number is stated: Cambourne; Tickhill.",
    ]
    said = stated_sentence(Beds("the 5 properties", 14, 16), homes, "report 003 §91")
    assert said == (
        "14–16 beds are stated in all (report 003 §91) for the 5 properties, so 10–12 are left for those without: "
        "Cambourne; Tickhill."
    )
    said = stated_sentence(Beds("them", 14, 16), [Beds("Skylarks", 4, 5), Beds("Tickhill", None, None)], "§91")
    assert "so 9–12 are left" in said


def test_beds_when_all_are_numbered_then_the_total_agrees_or_does_not():
    agrees = stated_sentence(Beds("both", 5, 6), [Beds("A", 2, 3), Beds("B", 3, 3)], "§1")
    assert agrees.endswith("which agrees.")
    not_enough = stated_sentence(Beds("both", 14, 16), [Beds("A", 2, 3), Beds("B", 3, 3)], "§1")
    assert not_enough.endswith("which is not what they bring: 5–6.")


# Claims and milestones


def day(text: str) -> date:
    return date.fromisoformat(text)


SENT = Step("sent", day("2022-05-02"))


@pytest.mark.parametrize(
    ("due_on", "steps", "code", "words"),
    [
        ("2022-07-07", [], WAITING, "Due on 7 July 2022"),
        ("2022-07-06", [], LATE, "Late as far as is recorded: due on 6 July 2022, no claim recorded as sent"),
        (None, [], WAITING, "No due date given, and not recorded as sent"),
        (None, [Step("sent", day("2022-06-07"))], WAITING, "Sent on 7 June 2022; to be paid by 7 July 2022"),
        (None, [Step("sent", day("2022-06-06"))], LATE, "to be paid by 6 July 2022, no payment recorded"),
        (None, [SENT, Step("information_asked", day("2022-05-09"))], WAITING, "information asked for on 9 May 2022"),
        (None, [SENT, Step("paid", day("2022-06-01"))], DONE, "Paid on 1 June 2022, 30 days after it was sent"),
        (None, [SENT, Step("paid", day("2022-06-02"))], DONE, "31 days after it was sent: 1 day late"),
        (None, [SENT, Step("refused", day("2022-06-02"))], ENDED, "Refused on 2 June 2022"),
        (None, [Step("refused", day("2022-05-01")), SENT], LATE, "to be paid by 1 June 2022, no payment recorded"),
    ],
)  # fmt: skip
def test_claim_when_looked_at_today_then_it_is_due_paid_in_time_or_late(due_on, steps, code, words):
    found = claim_standing(day(due_on) if due_on else None, steps, TODAY)
    assert found.code == code
    assert found.words.endswith(words)


def test_milestone_when_its_month_is_over_then_it_is_late_and_not_a_day_before():
    due = Expected(TODAY, day("2022-06-01"), "month")
    assert milestone_standing(due, None, None, day("2022-06-30")).code == WAITING
    late = milestone_standing(due, None, Step("delayed", day("2022-06-15")), day("2022-07-01"))
    assert (late.code, late.words) == (LATE, "Late as far as is recorded: due June 2022, recorded as delayed")
    done = milestone_standing(due, day("2022-07-02"), None, TODAY)
    assert (done.code, done.words) == (DONE, "Done on 2 July 2022: 2 days late")


# Sums


def test_total_when_rounding_makes_it_a_pound_out_then_that_is_said_and_not_hidden():
    parts = {letter: pounds(60_516) for letter in "abcdefgh"} | {"i": pounds(60_512)}
    check = made_words("The items of 2021/22", parts, pounds(544_641))
    assert check.agrees
    assert check.sentence == (
        "The items of 2021/22 make £544,640, and £544,641 is printed. £1 out: as rounding allows."
    )
    exact = made_words("The items", {"a": pounds(10, None), "b": pounds(11, None)}, pounds(22, None))
    assert not exact.agrees
    assert exact.sentence == "The items make £21, and £22 is printed: £1 less, which rounding does not explain."


def test_items_when_a_heading_costs_nothing_then_it_is_not_missing():
    items = [Costed("g", "Heading", {}), Costed("h", "Item", {"2021-22": pounds(5), "": pounds(5)}, "The trust")]
    checks = programme_checks(items, [], {"2021-22": pounds(5), "": pounds(5)}, {"2021-22": "2021/22"})
    assert [c.sentence for c in checks] == [
        "The items of 2021/22 make £5, as printed.",
        "The items of all years make £5, as printed.",
        "The years of the total make £5, as printed.",
    ]
    assert paid_to(items) == ["The trust is paid for item h: £5."]


def test_funds_when_no_total_is_printed_then_they_are_held_against_the_items():
    items, funds = [Costed("a", "Doors", {"": pounds(12, None)})], [Costed("", "General fund", {"": pounds(10, None)})]
    (check,) = programme_checks(items, funds, {}, {})
    assert not check.agrees
    assert check.sentence == "The items of all years cost £12, and the funds give £10: £2 less than they cost."


def test_register_when_something_was_done_too_late_then_its_first_sentence_says_so():
    paid = claim_standing(None, [SENT, Step("paid", day("2022-06-02"))], day("2022-07-07"))
    in_time = claim_standing(None, [SENT, Step("paid", day("2022-06-01"))], day("2022-07-07"))
    rows = [SimpleNamespace(standing=one) for one in (paid, in_time)]
    assert finding("claims", rows) == "2 claims: none late, 2 done, 1 of them late."
    assert finding("claims", rows[1:]) == "1 claim: none late, 1 done."
