"""Measures the documents of a large pack, drawings included, as Word and as PDF in the bounded child.

Prints seconds and memory beside what they may be (a PDF of 60 pages in 15 seconds, one of 300
within its bounds). Never fails a build.
"""

import io
import os
import resource
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import pypdf  # noqa: E402

from indicators import bounded  # noqa: E402
from partnership.documents import (  # noqa: E402
    LONG_JOBS,
    Block,
    Document,
    Drawing,
    Form,
    Heading,
    Paragraph,
    Table,
    checked,
    payload_of,
)
from tests.bench.told import at_most  # noqa: E402

SECTIONS, ROWS, DRAWINGS = (9, 43), 30, 4
LIMIT = {9: 15, 43: 300}
HEADER = ("Indicator", "Figure", "Target", "Tolerance", "Rating", "Change", "Variation", "Commentary")
ROW = (
    "Initial protection conferences held within 15 days", "99%\n148 of 150", "95%", "80%",
    "Better than target\nCaution: data being cleansed", "↑ 2 points\nbetter, from 97% a year earlier",
    "No limits: 5 of 13 figures", "All except two of 150 conferences were in time, as in each quarter since 2019.",
)  # fmt: skip


def large(sections: int) -> Document:
    """Scorecards of 30 rows, each with drawings of four of its courses."""
    svg = (ROOT / "tests" / "golden" / "trend-large.svg").read_text()
    blocks: list[Block] = []
    for number in range(sections):
        blocks += [Heading(1, f"Scorecard {number}"), Table("Theme", HEADER, (ROW,) * ROWS, names_rows=True)]
        for course in range(DRAWINGS):
            sentence = f"Course {course}: 20 quarterly figures between 71% and 85%, against a target of 90%."
            points = tuple((f"2021/22 Q{n}", "85% (1,266 of 1,514)") for n in range(1, 9))
            periods, figures = zip(*points, strict=True)
            drawn = Table("Figures drawn", ("Period", *periods), (("Figure", *figures),), names_rows=True)
            blocks += [Paragraph(sentence, is_numbered=True), Drawing(svg, sentence), drawn]
    return Document("A large pack", "Northshire Council", tuple(blocks), is_wide=True)


def main() -> None:
    """Prints a line for each size and form."""
    for sections in SECTIONS:
        payload = payload_of(large(sections))
        for form in Form:
            began = sum(os.times()[:4])
            answer = checked(form, bounded.run(job=LONG_JOBS[form], payload=payload))
            seconds = sum(os.times()[:4]) - began
            pages = f", {len(pypdf.PdfReader(io.BytesIO(answer)).pages)} pages" if form is Form.PDF else ""
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(
                f"{form.value}: {seconds:.1f} s of processor, of {LIMIT[sections]} s{pages}, "
                f"{len(answer) // 1024} kB, {used.ru_maxrss // 1024} MB at most of "
                f"{bounded.JOBS[LONG_JOBS[form]].memory // bounded.MEGABYTE} MB"
            )
            if form is Form.PDF and sections == SECTIONS[0]:
                at_most("10 PDF", f"PDF of a pack{pages}", LIMIT[sections], seconds, "s")


if __name__ == "__main__":
    main()
