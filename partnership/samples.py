"""Small files to try each upload with, in static/samples; only the demonstration links to them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A file to send in: its name, and what it is."""

    file: str
    words: str


# By the name of the page's address.
SAMPLES: dict[str, tuple[Sample, ...]] = {
    "return_upload": (
        Sample(
            "early-help_2022-23-q1_made-up.csv",
            "two made-up figures for “Early help bellwethers, 2022/23 Q1”; another return refuses it",
        ),
    ),
    "annex_a_new": (
        Sample(
            "annex-a_synthetic.xlsx",
            "a workbook of 60 children who do not exist, reference date 30 June 2022; for 2022/23 Q1",
        ),
    ),
    "placements_file_new": (
        Sample("ssda903-header_synthetic.csv", "the header of 60 children who do not exist"),
        Sample("ssda903-episodes_synthetic.csv", "their episodes, April 2021 to June 2022"),
    ),
    "plan_new": (Sample("plan-of-placements_made-up.csv", "31 made-up placements, as at the start of 1 July 2022"),),
    "benchmark_new": (
        Sample(
            "c6_children_in_need_referrals_by_month_2013_to_2023.csv",
            "referrals by month as published, without the latest year: what would go is shown before it does",
        ),
    ),
}
