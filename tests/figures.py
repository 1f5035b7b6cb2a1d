"""Whether plotly knows every property of a figure that a page sends, and would write it as it is sent."""

from typing import Any

from indicators import charts


def validated(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure, when plotly takes both of its drawings without a change.

    Raises ValueError where it does not know a property or a value, AssertionError where it would write another one.
    """
    import plotly.graph_objects as go  # when one is drawn

    assert set(figure) <= {"data", "layout", "narrow", "narrow_data"}
    for data, layout in (
        (figure["data"], figure["layout"]),
        (figure.get("narrow_data", figure["data"]), figure["narrow"]),
    ):
        # Where no template is named, plotly puts a style of its own under the layout.
        written = go.Figure(data=data, layout={**layout, "template": "none"}).to_plotly_json()
        del written["layout"]["template"]
        assert written == {"data": data, "layout": layout}
    return figure


_write = charts.figure_script


def validated_script(figure: dict[str, Any], name: str) -> str:
    """`indicators.charts.figure_script` for a figure that plotly knows."""
    return _write(validated(figure), name)
