"""A second count of a scorecard, straight from the CSV files with pandas: no line of the application is used.

It knows what the files need: absolute tolerances or none, limits such as <1 where a low number is good, outcomes in
words. Anything else raises, so that a new kind of row cannot be counted wrongly in silence.
"""

import re
from fractions import Fraction
from pathlib import Path

import pandas as pd

BETTER, WITHIN, OUTSIDE, NOT_JUDGED = "better", "within", "outside", "not_judged"


def read(folder: Path, name: str) -> pd.DataFrame:
    """A file as texts; empty cells are empty texts."""
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def start_of(slug: str) -> pd.Timestamp:
    """The first day of a period: 2021-22-q4, 2022-03, 2021-22."""
    if quarter := re.fullmatch(r"(\d{4})-\d{2}-q([1-4])", slug):
        year, number = int(quarter[1]), int(quarter[2])
        return pd.Timestamp(year + (number == 4), 1 if number == 4 else 3 * number + 1, 1)
    year, second = (int(part) for part in slug.split("-")[:2])
    is_financial_year = second == (year + 1) % 100 and not slug.endswith("-month")
    return pd.Timestamp(year, 4 if is_financial_year else second, 1)


def end_of(slug: str) -> pd.Timestamp:
    """The last day of a period."""
    months = 3 if "q" in slug else 1
    return start_of(slug) + pd.DateOffset(months=months) - pd.Timedelta(days=1)


def value_of(row: pd.Series) -> Fraction | None:
    """The number of a row: as printed, or worked out where only the counts are given."""
    if row["value"]:
        return Fraction(row["value"])
    if row["basis"] == "derived" and row["unit"] == "percent":
        return Fraction(row["numerator"]) / Fraction(row["denominator"]) * 100
    return None


def rating_of(row: pd.Series) -> str:
    """The rating of one row of lines, figures, targets and definitions joined."""
    if row["basis"] in {"", "missing"} or not row["target"]:
        return NOT_JUDGED
    has_tolerance = row["tolerance_kind"] == "absolute"
    if row["basis"] == "stated_outcome":
        if has_tolerance and row["stated_met"] == "no":
            return NOT_JUDGED
        return BETTER if row["stated_met"] == "yes" else OUTSIDE
    value, target = value_of(row), Fraction(row["target"])
    if row["tolerance_kind"] not in {"absolute", "none"} or row["polarity"] not in {"higher", "lower"} or value is None:
        raise ValueError(f"{row['indicator']}: a kind of target that is not counted here")
    limit = Fraction(row["tolerance"]) if has_tolerance else target
    sign = 1 if row["polarity"] == "higher" else -1
    if row["qualifier"] == "<":
        if sign == 1 or value > target:
            raise ValueError(f"{row['indicator']}: a limit that is not counted here")
        return BETTER
    if sign * value >= sign * target:
        return BETTER
    return WITHIN if sign * value >= sign * limit else OUTSIDE


def in_force(rows: pd.DataFrame, period: str, key: list[str]) -> pd.DataFrame:
    """Of versions of the same thing, the last that had begun when the period began."""
    rows = rows.assign(begins=rows["valid_from"].map(start_of))
    rows = rows[rows["begins"] <= start_of(period)].sort_values("begins", kind="stable")
    return rows.drop_duplicates(key, keep="last")


def scorecard(folder: Path, code: str, period: str) -> pd.DataFrame:
    """One row for each line of a scorecard in a period, with its rating."""
    key = ["indicator", "slice"]
    lines = read(folder, "lines").query("scorecard == @code")[[*key, "order", "theme"]]
    figures = read(folder, "figures").query("period == @period")
    targets = in_force(read(folder, "targets").query("scorecard == @code"), period, key)
    definitions = in_force(read(folder, "indicators").rename(columns={"code": "indicator"}), period, ["indicator"])
    joined = (
        lines.merge(figures.drop(columns=["source", "paragraph"]), on=key, how="left")
        .merge(targets[[*key, "target", "tolerance_kind", "tolerance"]], on=key, how="left")
        .merge(definitions[["indicator", "unit", "polarity", "window"]], on="indicator", how="left")
        .fillna("")
    )
    return joined.assign(rating=joined.apply(rating_of, axis=1))


def counts(rows: pd.DataFrame) -> dict[str, int]:
    """How many rows have each rating."""
    found = rows["rating"].value_counts()
    return {rating: int(found.get(rating, 0)) for rating in (BETTER, WITHIN, OUTSIDE, NOT_JUDGED)}


def comparable(folder: Path, indicator: str, period: str, earlier: str) -> bool:
    """Whether the files hold a number for an earlier quarter that no break lies after."""
    figures = read(folder, "figures").query("indicator == @indicator and period == @earlier and basis != 'missing'")
    breaks = pd.to_datetime(read(folder, "breaks").query("indicator == @indicator")["on"])
    crossed = ((breaks > start_of(earlier)) & (breaks <= end_of(period))).any()
    return bool(len(figures)) and not bool(crossed)
