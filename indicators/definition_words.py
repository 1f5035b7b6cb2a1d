"""How the codes of a definition are said to a reader."""

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.rag import Polarity
from indicators.units import Unit

POLARITY_WORDS = {
    Polarity.HIGHER: "Higher is better",
    Polarity.LOWER: "Lower is better",
    Polarity.BAND: "Better near the target",
    Polarity.NONE: "No direction set",
}
UNIT_WORDS = {
    Unit.PERCENT: "Percent",
    Unit.COUNT: "Number",
    Unit.DAYS: "Days",
    Unit.PER_10000: "Rate per 10,000",
    Unit.PER_100000: "Rate per 100,000",
    Unit.POUNDS: "Pounds",
}
WINDOW_WORDS = {
    Window.PERIOD: "What happened in the period itself",
    Window.SNAPSHOT: "As things stood on one day, the last of the period unless another is stated",
    Window.YEAR_TO_DATE: "Year to date: from 1 April to the end of the period",
    Window.ROLLING_12_MONTHS: "Rolling 12 months to the end of the period",
    Window.COHORT_LAGGED: "A group of an earlier time, followed up since",
}
AGGREGATION_WORDS = {
    Aggregation.SUM: "Added up",
    Aggregation.LATEST: "The latest one stands for the longer period",
    Aggregation.POOLED_RATIO: "Numerators and denominators are added up, then divided",
    Aggregation.NONE: "Not totalled",
}
FREQUENCY_WORDS = {"month": "Monthly", "quarter": "Quarterly", "financial_year": "Annual"}
