"""Who reports to whom on a day: names then, loops, bodies without a line, the list and the drawing of the same."""

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership import reporting_lines as r
from partnership.models import ReportingLine
from partnership.reporting_lines import DatedBody, DatedLine, Kind, Name
from partnership.structure_layout import WIDE, drawing, wrapped

DAY = date(2021, 1, 26)
NEXT = DAY + timedelta(days=1)
BEFORE = DAY - timedelta(days=1)
LONG_AGO = date(2014, 9, 1)


def body(code, *, from_on=LONG_AGO, until_on=None, names=()):
    names = names or ((from_on, code.upper()),)
    return DatedBody(code, from_on, until_on, tuple(Name(day, n, name) for n, (day, name) in enumerate(names, 1)))


def line(lower, upper, kind="formal", from_on=LONG_AGO, until_on=None):
    return DatedLine(lower, upper, Kind(kind), from_on, until_on)


def on(codes, lines, day=DAY):
    return r.structure([c if isinstance(c, DatedBody) else body(c) for c in codes], lines, day)


def pairs(held):
    return [(k.lower, k.upper, [str(one) for one in k.kinds]) for k in held.links]


# As at a day


def test_structure_when_dated_then_only_what_held_that_day_is_in_it():
    bodies = [
        body("ends", until_on=DAY),
        body("begins", from_on=NEXT),
        body("stays", names=((LONG_AGO, "Overview group"), (NEXT, "Overview partnership"))),
    ]
    lines = [line("ends", "stays"), line("begins", "stays", from_on=NEXT), line("stays", "ends", from_on=NEXT)]
    today, tomorrow = on(bodies, lines), on(bodies, lines, NEXT)
    assert [n.name for n in today.nodes] == ["ENDS", "Overview group"]
    assert [n.name for n in tomorrow.nodes] == ["BEGINS", "Overview partnership"]
    assert pairs(today) == [("ends", "stays", ["formal"])]
    assert pairs(tomorrow) == [("begins", "stays", ["formal"])], "a line to a body that is no more does not count"


def test_structure_when_two_bodies_are_joined_in_two_ways_then_one_link_says_both():
    held = on("ab", [line("a", "b", "support"), line("a", "b", "formal"), line("a", "b", "formal", DAY)])
    assert pairs(held) == [("a", "b", ["formal", "support"])]
    assert held.links[0].words == "reports formally to and supports"


@pytest.mark.parametrize(
    ("lines", "loops"),
    [
        ("a>b b>c", []),
        ("a>b b>a", ["AB"]),
        ("a>b b>c c>a", ["ABC"]),
        ("a>b b>c c>b", ["BC"]),
        ("a>b b>a c>d d>c", ["AB", "CD"]),
        ("a>b b>c c>a b>a d>a", ["AB"]),
        ("a>b a>c b>d c>d", []),
    ],
)
def test_loops_when_lines_go_round_then_each_is_found_and_said(lines, loops):
    held = on("abcd", [line(*pair.split(">")) for pair in lines.split()])
    assert ["".join(n.name for n in loop) for loop in held.loops] == loops
    assert len(r.loop_sentences(held)) == len(loops)
    if loops == ["ABC"]:
        assert r.loop_sentences(held) == ("The lines go round in a loop: A to B to C to A.",)


def test_orphans_when_a_body_has_no_line_then_a_sentence_counts_them():
    assert r.orphan_sentence(on("abc", [line("a", "b")])) == "1 of 3 bodies has no line to or from another."
    assert r.orphan_sentence(on("abcd", [line("a", "b")])) == "2 of 4 bodies have no line to or from another."
    assert r.orphan_sentence(on("ab", [])) == "No line between bodies is recorded for that day."
    assert r.orphan_sentence(on("ab", [line("a", "b")])) == r.orphan_sentence(on("", [])) == ""


@pytest.mark.parametrize(
    ("new", "held", "way", "day"),
    [
        (line("c", "a"), "a>b b>c", ("a", "b", "c"), LONG_AGO),
        (line("b", "a"), "a>b", ("a", "b"), LONG_AGO),
        (line("a", "a"), "", ("a",), LONG_AGO),
        (line("a", "c"), "a>b b>c", None, None),
        (line("c", "a", from_on=NEXT), "a>b b>c until", None, None),
        (line("c", "a", until_on=BEFORE), "a>b later b>c", None, None),
        (line("c", "a"), "a>b later b>c", ("a", "b", "c"), DAY),
        (line("d", "a"), "b>c c>b", None, None),
    ],
)
def test_line_when_it_would_close_a_loop_on_any_day_then_the_way_is_told(new, held, way, day):
    lines, words = [], held.split()
    for number, word in enumerate(words):
        if ">" in word:
            after = words[number + 1] if number + 1 < len(words) else ""
            from_on = DAY if after == "later" else LONG_AGO
            lines.append(line(*word.split(">"), from_on=from_on, until_on=DAY if after == "until" else None))
    found = r.loop_made_by(new, lines)
    assert (found and found.way) == way
    assert (found and found.on) == day


def test_changes_when_listed_then_each_day_says_what_is_more_and_fewer():
    bodies = [
        body("a", names=((LONG_AGO, "Group"), (BEFORE, "Group"), (DAY, "Partnership"))), body("b", until_on=DAY),
        body("c", from_on=DAY),
    ]  # fmt: skip
    lines = [line("b", "a", until_on=DAY), line("c", "a", from_on=DAY)]
    assert [(c.day, c.words) for c in r.changes(bodies, lines)] == [
        (LONG_AGO, "2 bodies more and 1 line more"),
        (DAY, "1 body more, 1 new name and 1 line more"),
        (NEXT, "1 body fewer and 1 line fewer"),
    ]


def test_kinds_when_compared_with_the_table_then_they_are_these():
    assert {kind.value: r.KIND_WORDS[kind] for kind in Kind} == dict(ReportingLine.Kind.choices)


# The list


def flat(branches, depth=0):
    for branch in branches:
        yield depth, branch
        yield from flat(branch.branches, depth + 1)


def test_list_when_a_body_reports_to_two_then_it_stands_once_and_the_other_is_told_at_both():
    held = on("abcde", [line("b", "a"), line("c", "b", "support"), line("c", "a", "formal"), line("d", "c")])
    told = [(depth, branch.node.code) for depth, branch in flat(r.nested(held))]
    assert told == [(0, "a"), (1, "b"), (1, "c"), (2, "d")]
    by_code = {branch.node.code: branch for _, branch in flat(r.nested(held))}
    assert [k.upper for k in by_code["c"].others] == ["b"]
    assert [k.lower for k in by_code["b"].elsewhere] == ["c"]


# The drawing


def overlaps(one, other):
    """Whether two rectangles (left, top, width, height) have a point inside both."""
    (x, y, w, h), (u, v, p, q) = one, other
    return x < u + p and u < x + w and y < v + q and v < y + h


def rectangles(found):
    return [(box.x, box.y, WIDE, box.height) for box in found.boxes]


_CODES = [f"b{n}" for n in range(9)]
_LINES = st.lists(
    st.builds(line, st.sampled_from(_CODES), st.sampled_from(_CODES), st.sampled_from(Kind)), max_size=14
).map(lambda lines: [one for one in lines if one.lower != one.upper])


@given(_LINES)
def test_drawing_when_made_then_lines_lead_left_nothing_overlaps_and_the_list_holds_the_same(lines):
    held = on(_CODES, lines)
    found = drawing(held)
    box_of = {box.node.code: box for box in found.boxes}
    # The same bodies, each once, and the same lines as in the list.
    told = [branch for _, branch in flat(r.nested(held))]
    assert sorted([b.node.code for b in told] + [n.code for n in held.orphans]) == sorted(box_of) == sorted(_CODES)
    assert len(found.boxes) == len(_CODES)
    listed = [k for b in told for k in ([b.link] if b.link else []) + list(b.others)]
    assert sorted(map(repr, listed)) == sorted(repr(path.link) for path in found.paths)
    assert {(k.lower, k.upper) for k in listed} == {(one.lower, one.upper) for one in lines}
    # Every line leads to the left, up, unless it is in a loop.
    for path in found.paths:
        is_left = box_of[path.link.upper].x < box_of[path.link.lower].x
        assert is_left or (path.link.is_in_loop and path.link.is_turned)
        assert path.link.is_in_loop or not path.link.is_turned
    # Nothing overlaps: no two boxes, and no line inside a column with a box.
    boxes = rectangles(found)
    assert not any(overlaps(*two) for two in combinations(boxes, 2))
    for path in found.paths:
        for (x, y), (u, v) in list(pairwise(path.points))[1::2]:
            assert y == v
            assert not any(overlaps((min(x, u), y - 1, WIDE, 2), box) for box in boxes)
    assert all(x >= 0 and y >= 0 and x + w <= found.width and y + h <= found.height for x, y, w, h in boxes)


@given(_LINES)
def test_levels_when_there_is_no_loop_then_no_line_is_turned(lines):
    held = on(_CODES, [one for one in lines if one.lower < one.upper])
    assert held.loops == ()
    assert not any(k.is_in_loop or k.is_turned for k in held.links)


def forty():
    """Forty bodies with long names, ten of them alone, and lines in several ways."""
    codes = [f"b{n:02d}" for n in range(40)]
    bodies = [
        body(c, names=((LONG_AGO, f"Safeguarding overview partnership for children and adults {c}"),)) for c in codes
    ]
    lines = [line(codes[n], codes[n // 3]) for n in range(1, 25)]
    lines += [line(codes[n], codes[0], "as_required") for n in range(5, 15)]
    lines += [line(codes[25 + n], codes[26 + n], "support") for n in range(4)]
    return bodies, lines


def test_drawing_when_there_are_forty_bodies_then_nothing_overlaps_and_it_is_the_same_each_time():
    bodies, lines = forty()
    found = drawing(r.structure(bodies, lines, DAY))
    assert len(found.boxes) == 40
    assert not any(overlaps(*two) for two in combinations(rectangles(found), 2))
    assert sum(box.is_alone for box in found.boxes) == 10
    assert [len(part.boxes) for part in found.parts] == [25, 5, 10]
    assert all(a.top + a.height < z.top for a, z in pairwise(found.parts))
    for part in found.parts:
        assert all(part.top <= box.y and box.y + box.height <= part.top + part.height for box in part.boxes)
    assert drawing(r.structure(reversed(bodies), reversed(lines), DAY)) == found
    ends = [path.points[-1] for path in found.paths]
    assert len(set(ends)) == len(ends), "two arrows on one point"


def test_drawing_when_there_is_nothing_then_it_is_empty():
    found = drawing(on("", []))
    assert (found.parts, found.height, found.width) == ((), 0, 0)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Cabinet", ("Cabinet",)),
        ("Overview and Scrutiny Management Committee", ("Overview and Scrutiny", "Management Committee")),
        ("x" * 30, ("x" * 26 + "-", "xxxx")),
        ("word " * 40, ("word word word word word", "word word word word word", "word word word word word",
                        "word word word word word…")),
        ("", ("",)),
    ],
)  # fmt: skip
def test_name_when_wrapped_then_it_fits_its_box(name, lines):
    assert wrapped(name) == lines
