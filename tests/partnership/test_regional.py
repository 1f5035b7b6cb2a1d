"""The rules of a region's comparison, without a database: same definitions only, and nothing hidden told by what is."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

from indicators import same_definition
from indicators.same_definition import Definition, differences, most_used
from partnership.region_drawing import course_svgs
from partnership.region_table import approximate_sentence, headline, left_out, lines_of
from partnership.regional import Member, State, Telling, Told, courses, side_by_side
from tests.builders.basics import NOW, Q3, Q4

SHARE = Definition(
    "assessed", "percent", "higher", "period", "pooled_ratio", "children", "Assessed in time", "All assessed",
    "Assessments in time", 1, Q3.start_on,
)  # fmt: skip
NAMES = [f"shire-{number:02d}" for number in range(1, 16)]


def members(*slugs: str, silent: str = "") -> list[Member]:
    return [Member(slug, slug.capitalize(), f"E{slug[-2:]}", slug != silent) for slug in slugs or NAMES]


def told(member: str, value: object = 80, period=Q4, later: int = 0, **more) -> Told:
    """That an authority told a share of 1,000."""
    number = None if value is None else D(str(value))
    usual = {
        "definition": SHARE, "value": number, "numerator": None if number is None else number * 10,
        "denominator": None if number is None else D(1000), "qualifier": "", "symbol": "" if number else "x",
        "places": 0, "is_approximate": False, "breaks": (),
    }  # fmt: skip
    return Told(
        member, period, **usual | more, pack="pack", pack_title="Pack", table="table", body="Board",
        meeting_on=date(2022, 7, 7), order=(NOW + timedelta(hours=later), 1, True),
    )  # fmt: skip


def hidden(member: str, **more) -> Told:
    return told(member, None, **{"symbol": "c"} | more)


def states(found) -> dict[str, State]:
    return {row.member.slug: row.state for row in found.rows}


def ranks(found) -> dict[str, int | None]:
    return {row.member.slug: row.rank.place if row.rank else None for row in found.rows}


# The same definition


def test_definition_when_any_part_that_must_agree_differs_then_neither_drawn_nor_ranked_and_told_what_differs():
    others = {"unit": "per_10000", "polarity": "lower", "window": "rolling_12_months", "aggregation": "sum",
              "counts": "families", "numerator": "Assessed within 45 days", "denominator": "All"}  # fmt: skip
    assert set(others) | {"name"} == {name for name, _ in same_definition.PARTS}
    for part, value in others.items():
        other = replace(SHARE, **{part: value})
        assert other.fingerprint != SHARE.fingerprint, part
        rows = [told(NAMES[0]), told(NAMES[1]), told(NAMES[2], 99, definition=other)]
        found = side_by_side(members(*NAMES[:3]), rows, Q4)
        assert states(found)[NAMES[2]] is State.OTHER_DEFINITION, part
        (said,) = found.in_state(State.OTHER_DEFINITION)[0].differs
        assert (said.common, said.other) == (getattr(SHARE, part), value)
        assert ranks(found)[NAMES[2]] is None
        line = next(x for x in lines_of("r", found, Telling.LAST) if x.row.member.slug == NAMES[2])
        assert line.shown is None
        assert value in line.row.why


def test_definition_when_only_its_number_places_or_spaces_differ_then_the_same():
    other = replace(SHARE, number=2, places=1, short_name="In time", numerator=" Assessed  in time ", name="Otherwise")
    assert other.fingerprint == SHARE.fingerprint
    assert differences(SHARE, other) == ()
    bare = replace(SHARE, numerator="")
    assert replace(bare, name="Otherwise").fingerprint != bare.fingerprint, "the name is all that says what is counted"
    assert replace(SHARE, indicator="other").fingerprint != SHARE.fingerprint, "another code is another indicator"


def test_definition_when_the_list_of_parts_has_a_new_version_then_every_fingerprint_is_another(monkeypatch):
    before = SHARE.fingerprint
    monkeypatch.setattr(same_definition, "VERSION", same_definition.VERSION + 1)
    assert SHARE.fingerprint != before


def test_common_definition_when_several_then_the_one_that_most_have_then_the_latest_and_the_reader_may_choose():
    new = replace(SHARE, numerator="Within 45 days", number=2, valid_from=Q4.start_on)
    assert most_used([SHARE, SHARE, new]) == SHARE
    assert most_used([SHARE, new]) == new
    assert most_used([]) is None
    rows = [told(NAMES[0]), told(NAMES[1]), told(NAMES[2], definition=new)]
    found = side_by_side(members(*NAMES[:3]), rows, Q4)
    assert [(d.number, n) for d, n in found.definitions] == [(1, 2), (2, 1)]
    assert states(found)[NAMES[2]] is State.OTHER_DEFINITION
    asked = side_by_side(members(*NAMES[:3]), rows, Q4, fingerprint=new.short)
    assert [row.member.slug for row in asked.compared] == [NAMES[2]]
    assert side_by_side(members(*NAMES[:3]), rows, Q4, fingerprint="f" * 12).definition == SHARE


# What is hidden


def test_hidden_figure_when_it_would_be_the_middle_one_then_the_median_is_of_those_shown():
    """Of 60, 70, 75, 80 and 90 the middle is 75: hidden, it is not told, whatever it is."""
    rows = [told(NAMES[n], v) for n, v in enumerate((60, 70, None, 80, 90))]
    rows[2] = hidden(NAMES[2])
    found = side_by_side(members(*NAMES[:5]), rows, Q4)
    assert found.median == D(75), "between 70 and 80: of those shown"
    more = side_by_side(members(*NAMES[:6]), [*rows, told(NAMES[5], 61)], Q4)
    assert more.median == D(70)
    assert ranks(found)[NAMES[2]] is None
    assert {row.rank.not_shown for row in found.rows if row.rank} == {1}
    assert [row.rank.shown for row in found.rows if row.rank] == [4, 4, 4, 4]
    assert found.funnel is None
    assert "counts of 5" in found.why_no_funnel
    assert "Shire-03" in " ".join(left_out(found))
    (line,) = [x for x in lines_of("r", found, Telling.LAST) if x.row.state is State.HIDDEN]
    assert line.shown.value is line.shown.numerator is line.shown.denominator is None


def test_median_when_two_are_shown_then_none():
    rows = [told(NAMES[0], 60), told(NAMES[1], 70), hidden(NAMES[2])]
    found = side_by_side(members(*NAMES[:3]), rows, Q4)
    assert found.median is None
    assert headline(found, 3) == "2 of 3 authorities are compared."


def test_figure_when_hidden_first_or_last_then_it_is_not_said_to_have_changed():
    shown, other = told(NAMES[0], 80), told(NAMES[0], 85, later=1)
    found = side_by_side(members(NAMES[0]), [shown, other], Q4)
    assert found.rows[0].told == other
    assert found.rows[0].other == shown
    first = side_by_side(members(NAMES[0]), [shown, other], Q4, telling=Telling.FIRST)
    assert (first.rows[0].told, first.rows[0].other) == (shown, other)
    for rows in ([hidden(NAMES[0]), other], [shown, hidden(NAMES[0], later=1)]):
        for telling in Telling:
            assert side_by_side(members(NAMES[0]), rows, Q4, telling=telling).rows[0].other is None


# Who is compared, and in which order


def test_order_when_one_way_is_better_then_ranked_and_quartiles_of_eight_or_more():
    values = [50 + 3 * n for n in range(15)]
    found = side_by_side(members(), [told(s, v) for s, v in zip(NAMES, values, strict=True)], Q4)
    assert ranks(found) == {slug: 15 - n for n, slug in enumerate(NAMES)}
    assert found.rows[-1].quartiles == (1, 1)
    assert found.rows[0].quartiles == (4, 4)
    assert found.median == D(71)
    assert found.funnel is not None
    assert all(row.place is not None for row in found.rows)
    few = side_by_side(members(*NAMES[:7]), [told(s, v) for s, v in zip(NAMES[:7], values, strict=False)], Q4)
    assert ranks(few)[NAMES[6]] == 1
    assert {row.quartiles for row in few.rows} == {None}
    lower = [told(s, v, definition=replace(SHARE, polarity="lower")) for s, v in zip(NAMES, values, strict=True)]
    assert ranks(side_by_side(members(), lower, Q4))[NAMES[0]] == 1


def test_order_when_neither_way_is_better_or_a_count_then_none_and_why():
    for changes, words, has_median in (
        ({"polarity": "none"}, "neither high nor low", True),
        ({"polarity": "band"}, "neither high nor low", True),
        ({"unit": "count", "denominator": ""}, "size of the area", False),
    ):
        rows = [told(s, v, definition=replace(SHARE, **changes)) for s, v in zip(NAMES, range(60, 75), strict=True)]
        found = side_by_side(members(), rows, Q4)
        assert set(ranks(found).values()) == {None}
        assert words in found.why_no_rank
        assert (found.median is not None) is has_median


def test_figure_when_only_a_limit_or_no_number_then_not_compared_and_why():
    rows = [told(NAMES[0]), told(NAMES[1], 5, qualifier="<"), told(NAMES[2], None, symbol="not_reportable"),
            told(NAMES[3], None, symbol="")]  # fmt: skip
    found = side_by_side(members(*NAMES[:4]), rows, Q4)
    assert [row.state for row in found.rows] == [State.COMPARED, State.LIMIT, State.NO_NUMBER, State.NO_NUMBER]
    assert [row.why for row in found.rows] == [
        "", "Only a limit is known, so it is not compared", "Not reportable", "An outcome is stated without a number",
    ]  # fmt: skip
    assert found.rows[0].rank is None or found.rows[0].rank.shown == 1


def test_authority_when_it_told_nothing_then_named_with_why():
    rows = [told(NAMES[0]), told(NAMES[1], period=Q3)]
    found = side_by_side(members(*NAMES[:4], silent=NAMES[3]), rows, Q4)
    assert [row.why for row in found.in_state(State.NOT_TOLD)] == [
        "Has published it, but not for 2021/22 Q4; the newest is 2021/22 Q3",
        "Has not published this indicator for everybody",
        "Has published nothing for everybody",
    ]
    assert "3 not published for this period: Shire-02, Shire-03 and Shire-04." in left_out(found)
    other = [told(slug, definition=replace(SHARE, numerator="Otherwise")) for slug in ("elsewhere", "far-away")]
    strangers = side_by_side(members(NAMES[0]), [told(NAMES[0]), *other], Q4)
    assert states(strangers) == {NAMES[0]: State.COMPARED}, "who is no member is not there, and decides nothing"


def test_approximate_figures_when_compared_then_said():
    rows = [told(s, 70 + n, is_approximate=n == 1) for n, s in enumerate(NAMES[:3])]
    found = side_by_side(members(*NAMES[:3]), rows, Q4)
    assert "1 figure is approximate" in approximate_sentence(found)
    assert "is about 71.0%" in headline(found, 3)
    plain = side_by_side(members(*NAMES[:3]), [replace(one, is_approximate=False) for one in rows], Q4)
    assert approximate_sentence(plain) == ""
    assert "about" not in headline(plain, 3)


# Over time


def test_course_when_drawn_then_only_figures_that_may_be_compared_up_to_the_period():
    earlier = Q3.previous()
    other = replace(SHARE, numerator="Otherwise")
    rows = [told(s, 70, period=p) for s in NAMES[:3] for p in (earlier.previous(), earlier, Q3, Q4, Q4.next())]
    rows += [told(NAMES[1], 99, period=Q3, definition=other, later=1), hidden(NAMES[2], period=Q3, later=1)]
    rows += [told(NAMES[0], 71, period=Q4.months()[0]), told(NAMES[3], 70, period=Q3)]
    who = members(*NAMES[:4])
    found = side_by_side(who, rows, Q4)
    drawn = courses(who, rows, found, telling=Telling.LAST, most=3)
    assert {c.member.slug: [t.period for t in c.told] for c in drawn} == {
        NAMES[0]: [earlier, Q3, Q4], NAMES[1]: [earlier, Q4], NAMES[2]: [earlier, Q4],
    }  # fmt: skip


def test_course_when_a_series_breaks_then_not_joined_across_it():
    who = members(*NAMES[:2])
    rows = [told(s, 70, period=p) for s in NAMES[:2] for p in (Q3, Q4)]
    rows[1] = replace(rows[1], breaks=(date(2022, 2, 1),))
    found = side_by_side(who, rows, Q4)
    first, second = course_svgs(courses(who, rows, found, telling=Telling.LAST, most=12), found)
    assert "break" in first.said
    assert "break" not in second.said
    assert first.svg.count('stroke-width="1.6"') == 0
    assert second.svg.count('stroke-width="1.6"') == 1
