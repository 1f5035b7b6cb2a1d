"""The pathway: a sound graph, flows that invent nothing, and rates that never mix what they count."""

import csv
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.pathway import (
    ACTIVITY_UNITS,
    CONVERSIONS,
    FROM_OUTSIDE,
    LINKS,
    NOT_KNOWN,
    OUTSIDE,
    STAGES,
    Conversion,
    ConversionError,
    ConversionKind,
    Flow,
    Link,
    LinkKind,
    Stage,
    StageUnit,
    comes_from,
    conversions,
    convert,
    flows_of,
    indicator_of,
    leads_to,
    problems,
    reachable,
    stage,
    unit_of,
)
from referrals.stages import STRATEGY_DISCUSSION_FROM
from tests.reference import pathway_reference as reference

CODES = [one.code for one in STAGES]
# Report 003 §17 to §40, 2021/22 Q4.
QUARTER = {
    "referrals": 1257, "re-referrals": 64, "assessments-started": 1560, "assessments-completed": 1514,
    "assessments-completed-assessment-service": 1102, "assessments-further-work": 747, "s47-enquiries": 456,
    "icpc-convened": 150, "care-started": 46, "care-ended": 47, "children-adopted": 4,
}  # fmt: skip


def conversion(code: str) -> Conversion:
    return next(one for one in CONVERSIONS if one.code == code)


def drawn(values, source: str, target: str) -> Decimal | None:
    found = [flow.number for flow in flows_of(values).drawn if (flow.source, flow.target) == (source, target)]
    assert len(found) <= 1
    return found[0] if found else None


# The graph


def test_pathway_when_checked_then_sound() -> None:
    assert problems() == ()


def test_pathway_when_walked_a_second_way_then_every_stage_is_reached() -> None:
    assert reachable() == reference.reachable(STAGES, LINKS) == set(CODES)


def test_stages_when_read_then_each_has_a_source() -> None:
    assert [one.code for one in STAGES if not one.source] == []


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        ("contact", "mash-triage", LinkKind.ONWARD),
        ("mash-triage", "early-help-referral", LinkKind.ONWARD),
        ("mash-triage", "referral", LinkKind.ONWARD),
        ("early-help-referral", "early-help", LinkKind.ONWARD),
        ("early-help", "referral", LinkKind.STEP_UP),
        ("referral", "early-help-referral", LinkKind.STEP_DOWN),
        ("referral", "assessment", LinkKind.ONWARD),
        ("assessment", "no-further-action", LinkKind.ENDS),
        ("assessment", "early-help-referral", LinkKind.STEP_DOWN),
        ("assessment", "child-in-need", LinkKind.ONWARD),
        ("strategy-discussion", "section-47", LinkKind.STEP_UP),
        ("section-47", "icpc", LinkKind.STEP_UP),
        ("section-47", "no-conference", LinkKind.STEP_DOWN),
        ("icpc", "protection-plan", LinkKind.STEP_UP),
        ("protection-plan", "child-in-need", LinkKind.STEP_DOWN),
        ("protection-plan", "pre-proceedings", LinkKind.STEP_UP),
        ("pre-proceedings", "proceedings", LinkKind.STEP_UP),
        ("pre-proceedings", "child-in-need", LinkKind.STEP_DOWN),
        ("proceedings", "order", LinkKind.ONWARD),
        ("order", "care", LinkKind.STEP_UP),
        ("agreement", "care", LinkKind.STEP_UP),
        ("care", "leaving-care", LinkKind.ONWARD),
        ("leaving-care", "care-leaver", LinkKind.ONWARD),
        ("closed", "referral", LinkKind.RETURNS),
        ("adopter-enquiry", "adopter-application", LinkKind.ONWARD),
        ("adopter-application", "adopter-approval", LinkKind.ONWARD),
        ("adopter-approval", "adopter-match", LinkKind.ONWARD),
    ],
)
def test_step_of_the_issue_when_looked_for_then_there(source: str, target: str, kind: LinkKind) -> None:
    (found,) = [link for link in LINKS if (link.source, link.target) == (source, target)]
    assert found.kind is kind
    assert target in leads_to(source)
    assert source in comes_from(target)


def test_strategy_discussion_when_asked_where_from_then_every_stage_at_which_a_child_is_open() -> None:
    assert set(comes_from("strategy-discussion")) == set(STRATEGY_DISCUSSION_FROM)
    open_stages = {one.code for one in STAGES if one.stock}
    assert open_stages <= set(STRATEGY_DISCUSSION_FROM), "an open case too"


def test_adopters_when_followed_then_never_on_the_pathway_of_a_child() -> None:
    from_adopters = {code for code in CODES if code.startswith("adopter-")}
    assert {link for link in LINKS if (link.source in from_adopters) is not (link.target in from_adopters)} == set()


def test_units_when_asked_then_one_for_every_indicator_and_the_same_for_its_slices() -> None:
    assert unit_of("plo-started") is StageUnit.FAMILIES
    assert unit_of("care-started/legal-route=order") is StageUnit.CHILDREN
    assert indicator_of("care-started/legal-route=order") == "care-started"
    used = {code for one in STAGES for code in (one.inflow, one.outflow, one.stock, *one.also_counted) if code}
    used |= {indicator_of(figure) for link in LINKS for figure in (link.figure, link.less, link.part_of) if figure}
    used |= {code for one in CONVERSIONS for code in (one.numerator, one.denominator)}
    assert used <= set(ACTIVITY_UNITS)
    assert set(ACTIVITY_UNITS) - used == {"cin-open-cohort", "cp-plans-2-years-or-longer"}


def rows_of(name: str) -> list[dict[str, str]]:
    found = sorted((Path(__file__).parents[2] / "fixtures" / "doncaster").glob(f"*/{name}.csv"))
    return [row for path in found for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


def test_units_when_held_against_the_loaded_indicators_then_the_same() -> None:
    """An indicator has no word for cases and young people; the stage keeps them apart all the same."""
    loaded = {row["code"]: row["counts"] for row in rows_of("indicators")}
    assert set(ACTIVITY_UNITS) <= set(loaded)
    other = {code: loaded[code] for code, unit in ACTIVITY_UNITS.items() if loaded[code] != unit.value}
    assert set(other) <= {"early-help-open-cases", "proceedings-cases-at-end", "care-leavers-at-end"}


def test_balances_when_held_against_the_stages_then_every_stage_that_can_reconcile_has_one() -> None:
    loaded = {(row["closing"], row["inflows"], row["outflows"]) for row in rows_of("balances")}
    assert loaded == {
        (one.stock, one.inflow, one.outflow) for one in STAGES if one.inflow and one.outflow and one.stock
    }


def test_stage_when_looked_up_then_by_its_code() -> None:
    assert stage("care").stock == "care-at-end"
    with pytest.raises(KeyError):
        stage("nowhere")


# Each rule of soundness, broken once

_A = Stage("a", "A", StageUnit.EVENTS, inflow="contacts", is_entry=True)
_B = Stage("b", "B", StageUnit.CHILDREN, inflow="care-started", stock="care-at-end")
_AB = Link("a", "b")


@pytest.mark.parametrize(
    ("stages", "links", "sentence"),
    [
        ((_A, _A, _B), (_AB,), "The stage a is there twice."),
        ((_A, _B, replace(_B, code="c")), (_AB, Link("a", "c")), "care-started is the inflow of two stages."),
        ((_A, _B), (_AB, _AB), "The link from a to b is there twice."),
        ((_A, _B), (_AB, Link("b", "z")), "A link names z, which is no stage."),
        ((_A, _B), (_AB, Link("z", "b")), "A link names z, which is no stage."),
        ((_A, _B), (_AB, Link("b", "b")), "The stage b leads to itself."),
        ((_A, _B), (replace(_AB, figure="teas"),), "The link from a counts teas, which is not known."),
        ((_A, _B), (replace(_AB, figure="care-started", less="contacts"),), "The link from a to b mixes units."),
        ((_A, replace(_B, clock="sundial")), (_AB,), "The stage b has the clock sundial, which is not known."),
        ((_A, replace(_B, outflow="teas")), (_AB,), "The stage b counts teas, which is not known."),
        ((_A, replace(_B, outflow="plo-ended")), (_AB,), "The stage b counts children, but plo-ended counts families."),
        ((_A, replace(_B, also_counted=("care-ended",))), (_AB,),
         "The stage b counts children, but care-ended counts children."),
        ((_A, _B), (), "Nothing leads to the stage b."),
        ((replace(_A, is_entry=False), _B), (_AB,), "Nothing leads to the stage a."),
    ],
)  # fmt: skip
def test_graph_when_unsound_then_a_sentence_says_where(stages, links, sentence: str) -> None:
    assert problems((_A, _B), (_AB,)) == ()
    assert sentence in problems(stages, links)


# Flows


def test_flows_when_a_quarter_is_reported_then_the_steps_it_tells_and_no_others() -> None:
    assert drawn(QUARTER, "section-47", "icpc") == 150
    assert drawn(QUARTER, "section-47", "no-conference") == 306
    assert drawn(QUARTER, "care", "leaving-care") == 47
    assert drawn(QUARTER, NOT_KNOWN, "care") == 46
    assert drawn(QUARTER, NOT_KNOWN, "section-47") == 456
    assert drawn(QUARTER, "assessment", NOT_KNOWN) == 1514
    assert drawn(QUARTER, "adoption-placement", NOT_KNOWN) is None, "all of them leave care"
    flows = flows_of(QUARTER)
    assert flows.contradictions == ()
    assert flows.units() == (StageUnit.EVENTS, StageUnit.CHILDREN)


def test_flows_when_nothing_is_reported_then_nothing_is_drawn_and_every_link_is_named() -> None:
    flows = flows_of({})
    assert flows.drawn == flows.parts == ()
    assert flows.not_reported == LINKS
    assert flows_of(dict.fromkeys(ACTIVITY_UNITS)).drawn == ()


def test_flows_when_a_number_is_0_then_it_is_reported() -> None:
    assert drawn({"icpc-convened": 0}, "section-47", "icpc") == 0


def test_flows_when_what_to_take_off_is_not_reported_then_the_rest_is_not_either() -> None:
    assert drawn({"s47-enquiries": 456}, "section-47", "no-conference") is None
    assert drawn({"s47-enquiries": 456, "icpc-convened": 0}, "section-47", "no-conference") == 456


def test_flows_when_a_figure_is_part_of_another_then_not_drawn_beside_it() -> None:
    parts = {(flow.source, flow.target): flow.number for flow in flows_of(QUARTER).parts}
    assert parts == {("adoption-placement", "leaving-care"): 4, ("closed", "referral"): 64}
    assert reference.into(flows_of(QUARTER).drawn, "leaving-care", StageUnit.CHILDREN) == 47


def test_flows_when_the_legal_routes_are_known_then_only_the_rest_comes_from_somewhere_unknown() -> None:
    values = {"care-started": 46, "care-started/legal-route=order": 18, "care-started/legal-route=agreement": 20}
    assert drawn(values, "order", "care") == 18
    assert drawn(values, NOT_KNOWN, "care") == 8
    assert drawn(values | {"care-started/legal-route=agreement": 28}, NOT_KNOWN, "care") is None


def test_flows_when_people_come_to_an_entry_then_from_outside() -> None:
    (flow,) = flows_of({"contacts": 5000}).drawn
    assert flow == Flow(OUTSIDE, "contact", Decimal(5000), StageUnit.EVENTS, "contacts", FROM_OUTSIDE)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"s47-enquiries": 100, "icpc-convened": 150},
         "icpc-convened is more than s47-enquiries, of which it should be a part."),
        ({"care-ended": 3, "children-adopted": 4},
         "children-adopted is more than care-ended, of which it should be a part."),
        ({"care-started": 30, "care-started/legal-route=order": 18, "care-started/legal-route=agreement": 20},
         "In care: the steps in make 38, but 30 is reported."),
        ({"s47-enquiries": 456, "icpc-convened": 150, "cp-plans-started": 10, "re-referrals": 70, "referrals": 64},
         "re-referrals is more than referrals, of which it should be a part."),
    ],
)  # fmt: skip
def test_flows_when_figures_cannot_all_be_right_then_said_so_and_not_drawn_below_nothing(values, sentence) -> None:
    flows = flows_of(values)
    assert sentence in flows.contradictions
    assert all(flow.number >= 0 for flow in (*flows.drawn, *flows.parts))


def test_flows_when_the_units_differ_then_no_rest_is_claimed() -> None:
    stages = (replace(_A, is_entry=True), replace(_B, stock=""))
    links = (replace(_AB, figure="referrals"),)
    flows = flows_of({"referrals": 10, "care-started": 46}, stages, links)
    assert [(flow.source, flow.target, flow.unit) for flow in flows.drawn] == [("a", "b", StageUnit.EVENTS)]


figures = st.dictionaries(
    st.sampled_from([*ACTIVITY_UNITS, "care-started/legal-route=order", "care-started/legal-route=agreement"]),
    st.none() | st.integers(0, 2000), max_size=40,
)  # fmt: skip


@given(values=figures)
def test_flows_when_nothing_contradicts_then_what_comes_in_is_what_is_drawn(values) -> None:
    flows = flows_of(values)
    assert all(flow.number >= 0 for flow in (*flows.drawn, *flows.parts))
    assert len(flows.not_reported) + len([f for f in (*flows.drawn, *flows.parts) if f.source in CODES
                                          and f.target in CODES]) == len(LINKS)  # fmt: skip
    if flows.contradictions:
        return
    for one in STAGES:
        if one.inflow and values.get(one.inflow) is not None:
            assert reference.into(flows.drawn, one.code, one.unit) == values[one.inflow]
        if one.outflow and values.get(one.outflow) is not None:
            both = (*flows.drawn, *flows.parts)
            assert reference.out_of(both, one.code, one.unit) == values[one.outflow]


@given(values=figures)
def test_flows_when_drawn_then_every_number_comes_from_a_reported_figure(values) -> None:
    for flow in (*flows_of(values).drawn, *flows_of(values).parts):
        assert values.get(flow.figure) is not None
        assert flow.number <= values[flow.figure]


# Conversion


@pytest.mark.parametrize(
    ("code", "value", "sentence"),
    [
        ("assessments-to-referrals", "124.1",
         "1,560 assessments started and 1,257 referrals in the same period: 124.1%, which can be above 100% because "
         "they are not the same cases."),
        ("completed-to-started", "97.1",
         "1,514 assessments completed and 1,560 assessments started in the same period: 97.1%."),
        ("re-referrals-of-referrals", "5.1", "Of 1,257 referrals, 64 were re-referrals: 5.1%."),
        ("further-work-of-assessments", "67.8",
         "Of 1,102 assessments completed in the Assessment Service, 747 were found to need further work: 67.8%."),
        ("icpc-of-s47", "32.9",
         "Of 456 children with a section 47 enquiry, 150 were brought to an initial conference: 32.9%."),
        ("adopted-of-leaving-care", "8.5", "Of 47 children who left care, 4 were adopted: 8.5%."),
    ],
)  # fmt: skip
def test_conversion_when_worked_out_then_as_the_reports_give_it(code: str, value: str, sentence: str) -> None:
    found = convert(conversion(code), QUARTER)
    assert found.value is not None
    assert round(found.value, 1) == Decimal(value)
    assert found.sentence == sentence


def test_conversions_when_named_then_each_says_which_kind_it_is() -> None:
    for found in conversions(QUARTER):
        assert found.label.endswith(("(period ratio)", "(cohort rate)"))
        assert found.value is not None or found.sentence.startswith("Not reported: ")
    assert len({one.code for one in CONVERSIONS}) == len(CONVERSIONS)
    assert len({(one.numerator, one.denominator) for one in CONVERSIONS}) == len(CONVERSIONS), "one kind for each pair"


def test_conversion_when_the_units_differ_then_both_are_named_and_it_is_no_percentage() -> None:
    found = convert(conversion("proceedings-to-plo"), {"proceedings-issued": 21, "plo-started": 10})
    assert found.value == Decimal("2.1")
    assert found.sentence == (
        "21 children in new proceedings (children) and 10 families who entered pre-proceedings (families) in the same "
        "period: 2.1 children for each family."
    )
    assert "%" not in found.sentence


def test_cohort_rate_when_the_units_differ_then_refused() -> None:
    with pytest.raises(ConversionError, match="both counts need one unit"):
        replace(conversion("proceedings-to-plo"), kind=ConversionKind.COHORT_RATE)


def test_cohort_rate_when_above_100_then_refused_with_a_sentence_but_a_period_ratio_is_not() -> None:
    values = {"icpc-convened": 150, "s47-enquiries": 100, "care-ended": 47, "care-started": 46}
    refused = convert(conversion("icpc-of-s47"), values)
    assert refused.value is None
    assert "cannot be a part of" in refused.sentence
    ratio = convert(conversion("leaving-to-entering-care"), values)
    assert ratio.value is not None
    assert ratio.value > 100
    assert "not the same cases" in ratio.sentence


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Not reported: re-referrals."),
        ({"re-referrals": 1}, "Not reported: referrals."),
        ({"re-referrals": 0, "referrals": 0}, "There were no referrals, so there is no rate."),
    ],
)
def test_conversion_when_there_is_nothing_to_divide_then_it_says_why(values, sentence: str) -> None:
    found = convert(conversion("re-referrals-of-referrals"), values)
    assert (found.value, found.sentence) == (None, sentence)


@given(top=st.integers(0, 5000), bottom=st.integers(1, 5000))
def test_conversion_when_worked_out_by_fractions_then_the_same(top: int, bottom: int) -> None:
    found = convert(conversion("completed-to-started"), {"assessments-completed": top, "assessments-started": bottom})
    assert found.value is not None
    assert abs(Fraction(found.value) - reference.per_hundred(top, bottom)) < Fraction(1, 10**40)
    assert ("not the same cases" in found.sentence) is (top > bottom)
