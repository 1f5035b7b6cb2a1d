"""The drawing of the steps: every stage in its place with room for its name, and exactly the numbers of the table."""

import re
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.charts import NARROW, WIDE, can_be_drawn, flow_figure
from referrals.lanes import columns_of, ends_of, in_turn, lanes_of, letters_of, place, size_of, stages_in, step_of
from referrals.pathway import NOT_KNOWN, Flow, flows_of
from referrals.stages import LINKS, STAGES, StageUnit
from referrals.step_table import FLOWS_TABLE, SIDES, flow_heading, flow_rows, flow_sentence
from tests.figures import validated

REPORTED = {
    "referrals": 1257, "re-referrals": 64, "assessments-started": 1560, "assessments-completed": 1514,
    "s47-enquiries": 456, "icpc-convened": 150, "care-started": 46, "care-ended": 47, "children-adopted": 4,
}  # fmt: skip
FIGURES = sorted({f for link in LINKS for f in (link.figure, link.less) if f} | {s.inflow for s in STAGES if s.inflow})
ANY_FIGURES = st.dictionaries(st.sampled_from(FIGURES), st.integers(0, 5000))


def flow(source, target, number, unit=StageUnit.CHILDREN):
    return Flow(source, target, Decimal(number), unit)


CHAIN = [flow("section-47", "icpc", 150), flow("icpc", "protection-plan", 120), flow(NOT_KNOWN, "section-47", 456)]


def test_lanes_when_flows_join_stages_then_they_lie_together_in_the_order_of_the_pathway():
    flows = [*CHAIN, flow("care", "leaving-care", 47), flow(NOT_KNOWN, "referral", 1257, StageUnit.EVENTS)]
    assert lanes_of(flows) == [["referral"], ["section-47", "icpc", "protection-plan"], ["care", "leaving-care"]]
    assert columns_of(flows)["protection-plan"] == 2
    assert size_of("section-47", flows) == 456


def test_columns_when_steps_run_in_a_circle_then_they_end():
    assert set(columns_of([flow("care", "proceedings", 1), flow("proceedings", "care", 1)])) == {"care", "proceedings"}


def layout_pixels(flows, placed):
    """How many pixels each case gets, worked out as d3-sankey does it without padding: from its fullest layer."""
    ends = [(*ends_of(f), f.number) for f in flows] + [("unseen", "end", placed.ballast)]
    depth = {node: 0 for s, t, _ in ends for node in (s, t)}
    for _ in depth:
        for source, target, _number in ends:
            depth[target] = max(depth[target], depth[source] + 1)
    sources = {s for s, _, _ in ends}
    last = max(depth.values())
    layers = {}
    for node, column in depth.items():
        size = max(sum(n for s, _, n in ends if s == node), sum(n for _, t, n in ends if t == node))
        layers.setdefault(column if node in sources else last, []).append(size)
    return min(placed.height / sum(sizes) for sizes in layers.values())


@given(ANY_FIGURES, st.sampled_from([(WIDE, 54), (NARROW, 88)]))
def test_places_when_any_figures_are_drawn_then_nothing_overlaps_and_heights_are_true(values, drawing):
    paper, room = drawing
    flows = [f for f in flows_of(values).drawn if f.number > 0]
    if not flows:
        return
    rooms = dict.fromkeys(stages_in(flows), room)
    placed = place(flows, paper, rooms)
    assert {n.code for n in placed.nodes} == {end for f in flows for end in ends_of(f)}
    for node in placed.nodes:
        assert 0 <= node.x <= paper.width
        assert node.y >= 0
        assert node.y + node.height <= placed.height
    stages = [n for n in placed.nodes if not n.is_stub]
    for one, other in combinations(stages, 2):
        if one.x == other.x:
            upper, lower = sorted((one, other), key=lambda n: n.y)
            assert upper.y + upper.height <= lower.y - room, "a name has its room"
            for after in (n for n in stages if [f.source for f in flows if f.target == n.code] == [upper.code]):
                assert after.y + after.height <= lower.y - room, "its bands end above the name of the next"
    assert all(n.y >= room for n in stages)
    share = layout_pixels(flows, placed)
    for node in stages:
        assert abs(size_of(node.code, flows) * share - node.height) <= 2


def test_turn_when_steps_part_and_meet_then_each_stage_follows_all_that_lead_to_it():
    flows = [flow("proceedings", "order", 9), flow("order", "care", 8), flow("agreement", "care", 3)]
    assert in_turn(["proceedings", "agreement", "order", "care"], flows) == [
        "proceedings",
        "order",
        "agreement",
        "care",
    ]
    circle = [flow("care", "proceedings", 1), flow("proceedings", "care", 1)]
    assert sorted(in_turn(["proceedings", "care"], circle)) == ["care", "proceedings"]


@pytest.mark.parametrize("paper", [WIDE, NARROW])
def test_names_when_every_step_has_a_figure_then_no_line_is_wider_than_its_column(paper):
    flows = [f for f in flows_of(dict.fromkeys(FIGURES, 5000)).drawn if f.number > 0]
    letters = letters_of(flows, paper)
    assert max(columns_of(flows).values()) == 3
    assert letters * paper.size * 0.55 < step_of(flows, paper) * paper.least / paper.width
    longest = max((word for one in STAGES for word in re.split("[ -]", one.name)), key=len)
    assert len(longest) <= letters, "no word is broken"


def test_figure_when_drawn_then_its_bands_are_those_of_the_table():
    flows = flows_of(REPORTED)
    figure = validated(flow_figure(flows))
    rows = [r for r in flow_rows(flows, "2021-22-q4") if r.state == "drawn"]
    for data in (figure["data"][0], figure["narrow_data"][0]):
        unseen, *values = data["link"]["value"]
        assert unseen > 0
        assert data["link"]["color"][0] == data["node"]["color"][0] == data["node"]["color"][1] == "rgba(0, 0, 0, 0)"
        assert sorted(values) == sorted(int(r.number) for r in rows)
        assert len(data["node"]["x"]) == len(data["node"]["y"]) == len(data["node"]["label"])
        assert all(0 < v <= 1 for v in (*data["node"]["x"], *data["node"]["y"]))
    named = [note["text"].replace("<br>", " ") for note in figure["layout"]["annotations"]]
    assert {"Section 47 enquiry", "456 children", "46 in, 47 out (children)", "1,257 events"} <= set(named)
    assert all("<b>" not in text for text in named), "a strict policy would refuse the style of bold markup"
    assert len(named) == 2 * len(stages_in(flows.drawn))


def test_figure_when_no_step_is_known_then_nothing_can_be_drawn():
    flows = flows_of({"referrals": 1257})
    assert not can_be_drawn(flows)
    with pytest.raises(ValueError, match="Nothing"):
        flow_figure(flows)
    assert "No step between two stages has a figure of its own" in flow_sentence(flows)


def test_sentences_when_units_are_mixed_then_widths_are_not_to_be_compared():
    said = flow_sentence(flows_of(REPORTED))
    assert said.startswith(
        "The largest step that is reported is from section 47 enquiry to enquiry without a conference"
    )
    assert "Widths compare only among bands of the same unit: events and children are not the same thing." in said
    assert flow_heading(flows_of(REPORTED)).endswith(f"of {len(LINKS)} steps between stages have a figure")


@given(ANY_FIGURES)
def test_rows_when_read_back_from_the_file_then_they_say_the_same_and_every_link_is_there(values):
    rows = flow_rows(flows_of(values), "2021-22-q4")
    for row in rows:
        read = FLOWS_TABLE.values_from_csv(FLOWS_TABLE.header, FLOWS_TABLE.csv_row(row))
        assert {c.key: c.text(read) for c in FLOWS_TABLE.columns if c.text} == FLOWS_TABLE.cells(row)
    known = [(r.source, r.target) for r in rows if not {r.source, r.target} & set(SIDES)]
    assert sorted(known) == sorted((link.source, link.target) for link in LINKS)
