"""The drawing of a bridge: valid to plotly, as long as its amounts, and the same on both papers."""

from decimal import Decimal

import pytest

from finance.charts import waterfall_figure
from finance.waterfall import Part, walk
from indicators.units import Unit, written
from tests.figures import validated

D = Decimal


def test_bridge_when_amounts_go_both_ways_then_bars_are_its_steps_and_plotly_knows_every_property():
    parts = [Part("more", "More children <in care>", D("120.50")), Part("less", "Lower prices & rates", D(-300))]
    steps = walk(Part("plan", "Plan", D(200)), parts, "now", "In place")
    figure = validated(waterfall_figure(steps, lambda step: written(step.amount, Unit.POUNDS)))
    (bars,) = figure["data"]
    assert bars["x"] == ["200", "120.50", "-300", "20.50"]
    assert bars["measure"] == ["absolute", "relative", "relative", "absolute"]
    for layout in (figure["layout"], figure["narrow"]):
        low, high = map(D, layout["xaxis"]["range"])
        assert low == 0
        assert high > D("320.50")
        texts = [note["text"] for note in layout["annotations"]]
        assert any("&lt;in care&gt;" in text for text in texts)
        assert any("−£300" in text for text in texts)


def test_bridge_when_it_has_no_step_then_it_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        waterfall_figure((), str)
