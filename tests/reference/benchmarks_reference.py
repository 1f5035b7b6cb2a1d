"""A second way from the published files to a share: pandas, all columns as text, no mapping."""

from decimal import Decimal
from pathlib import Path

import pandas as pd

# File: measure, columns of the numerator, columns of the denominator, or the column of the printed share.
FILES: dict[str, tuple[str, list[str], list[str]]] = {
    "c1_": ("dfe-re-referrals", ["rereferral_percent"], []),
    "c2_": (
        "dfe-assessments-45-days",
        ["Same_day", "1-10_days", "11-20_days", "21-30_days", "31-40_days", "41-45_days"],
        ["Assessments_completed"],
    ),
    "c4_": ("dfe-icpc-15-days", ["Duration_0-10_days", "Duration_11-15_days"], ["ICPC"]),
    "c5_": ("dfe-referrals-from-police", ["Police"], ["Referrals"]),
    "csww": ("dfe-vacancy-rate", ["vacancy_rate_fte"], []),
}
RECODED = {
    "E06000048": "E06000057", "E08000016": "E08000038", "E08000019": "E08000039", "E08000020": "E08000037",
    "E10000002": "E06000060", "E10000023": "E06000065", "E10000027": "E06000066",
}  # fmt: skip


def worked_out(folder: Path, name: str) -> tuple[str, dict[tuple[str, str], Decimal | None]]:
    """The measure, and its share by slug of the period and code of the area, at six places; None for no number."""
    (path,) = folder.glob(f"{name}*.csv")
    measure, top, bottom = FILES[name]
    table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    level = table["geographic_level"]
    code = table["new_la_code"].where(level == "Local authority", table["region_code"])
    code = code.where(level != "National", table["country_code"]).replace(RECODED)
    year = table["time_period"].astype(int)
    slug = (year - 1).astype(str) + "-" + (year % 100).map("{:02d}".format)
    if name == "csww":
        slug = (year - 1).astype(str) + "-10-01--" + year.astype(str) + "-09-30"
    numbers = table[top + bottom].apply(lambda column: pd.to_numeric(column, errors="coerce"))
    share = numbers[top].sum(axis=1, skipna=False)
    if bottom:
        share = 100 * share / numbers[bottom].sum(axis=1, skipna=False)
    found = {
        (s, c): None if pd.isna(value) else Decimal(f"{value:.6f}")
        for s, c, value in zip(slug, code, share, strict=True)
        if "/" not in c
    }
    return measure, found
