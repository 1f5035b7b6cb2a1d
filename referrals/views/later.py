"""What is said where a page shows figures of periods that end after today."""

from collections.abc import Iterable, Iterator
from datetime import date

from indicators.phrases import published_later
from referrals.selectors.breakdowns import Breakdown
from referrals.selectors.trends import Course

# The end of the period of a figure, and the paper that it is from.
Published = tuple[date, str]


def later_words(figures: Iterable[Published], today: date) -> str:
    """That figures of later periods were published later; empty where no paper gives one."""
    if not any(source and end_on > today for end_on, source in figures):
        return ""
    return published_later(today)


def of_courses(courses: Iterable[Course]) -> Iterator[Published]:
    """Every figure that the trends show."""
    for course in courses:
        yield from ((point.spot.end_on, point.source) for one in course.series for point in one.points)
        yield from ((held.end_on, held.source) for held in course.spans)


def of_parts(parts: Iterable[Breakdown]) -> Iterator[Published]:
    """Every figure that the breakdowns show."""
    return ((part.period.end_on, bar.source) for part in parts for bar in part.bars)
