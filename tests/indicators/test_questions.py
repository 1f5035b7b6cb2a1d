"""Questions put together once answer as Django's own would, and refuse what they cannot keep."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from indicators.models import Figure, Partner, Period, Scorecard, Series
from indicators.questions import question
from tests import builders as b

pytestmark = pytest.mark.django_db

YEARS = [b.FIRST_QUARTER, b.Q3, b.Q4]


def periods(slugs: list[str], kind: str, since: date | None, *, backwards: bool = False) -> QuerySet[Period]:
    found = Period.objects.filter(slug__in=slugs, kind=kind)
    found = found if since is None else found.filter(start_on__gte=since)
    return found.order_by("-start_on" if backwards else "start_on")


def stored(*of: Any) -> list[str]:
    return [b.a_period(one).slug for one in of]


@pytest.mark.parametrize("since", [None, date(1990, 1, 1), b.Q3.start_on, b.Q4.start_on, date(2100, 1, 1)])
@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("backwards", [False, True])
def test_question_when_asked_with_any_values_then_it_answers_as_django_does(since, number, backwards):
    quarters = [b.Q4]
    while len(quarters) < 9:
        quarters.insert(0, quarters[0].previous())
    slugs = stored(*quarters)[:number]
    ask = question(periods)
    for again in range(3):
        asked = slugs[again:]
        expected = list(periods(asked, "quarter", since, backwards=backwards))
        assert ask(asked, "quarter", since, backwards=backwards) == expected
        assert ask(asked, "month", since, backwards=backwards) == []


def test_question_when_asked_again_then_nothing_is_put_together():
    made = []

    def build(slugs: list[str]) -> QuerySet[Period]:
        made.append(slugs)
        return Period.objects.filter(slug__in=slugs).order_by("start_on")

    slugs, ask = stored(b.Q3, b.Q4), question(build)
    assert [p.slug for p in ask(slugs)] == slugs
    assert len(made) == 2  # compared with itself
    with CaptureQueriesContext(connection) as found:
        assert [[p.slug for p in ask(some)] for some in (slugs, slugs[::-1], ["none", slugs[0]])] == [
            slugs, slugs, slugs[:1],
        ]  # fmt: skip
    assert (len(made), len(found)) == (2, 3)
    assert [p.slug for p in ask([*slugs, "third"])] == slugs
    assert [p.slug for p in ask([*slugs, "third", "fourth"])] == slugs
    assert len(made) == 4, "three values are asked for as four are"


def test_question_when_a_list_is_empty_then_nothing_is_asked():
    with CaptureQueriesContext(connection) as found:
        assert question(periods)([], "quarter", None) == []
    assert not found.captured_queries


def test_question_when_rows_bring_others_then_they_are_there_without_another_query():
    card = b.a_scorecard(2)
    b.a_history(card, 1, last=b.Q4)

    @question
    def figures(series: list[int]) -> QuerySet[Figure]:
        return Figure.objects.filter(series__in=series).select_related("period", "series__indicator").order_by("pk")

    @question
    def lines(code: str) -> QuerySet[Scorecard]:
        return Scorecard.objects.filter(code=code).prefetch_related("lines")

    ids = list(Series.objects.values_list("pk", flat=True))
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            assert [f.period.slug + f.series.indicator.code for f in figures(ids)]
            assert [len(one.lines.all()) for one in lines(card.code)] == [2]
        assert len(found) == 3


def test_question_when_it_names_moments_and_columns_then_both_come_back():
    card = b.a_scorecard(1)
    b.a_history(card, 1, last=b.Q4)
    at = Figure.objects.get().recorded_at

    @question
    def since(moment: datetime) -> QuerySet[Figure, int]:
        return Figure.objects.filter(recorded_at__gte=moment).order_by("pk").values_list("pk", flat=True)

    moments = [at, at + timedelta(seconds=1), at.astimezone(b.LONDON), datetime(1900, 1, 1, tzinfo=UTC)]
    assert [len(since(moment)) for moment in moments] == [1, 0, 1, 1]


def test_question_when_a_number_is_larger_than_any_column_holds_then_nothing_is_found():
    @question
    def partners(pk: int) -> QuerySet[Partner]:
        return Partner.objects.filter(pk=pk)

    mine = b.a_partner()
    assert [partners(pk) for pk in (mine.pk, 10**30, -(10**30), 2**31, -1, mine.pk)] == [[mine], [], [], [], [], [mine]]


def test_question_when_asked_in_another_thread_then_on_its_own_connection():
    ask = question(periods)
    ask(["a"], "quarter", None)

    def elsewhere() -> list[Period]:
        try:
            return ask(["a"], "quarter", None)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(elsewhere).result() == []


def _moved(day: date) -> QuerySet[Period]:
    return Period.objects.filter(start_on__gt=day + timedelta(days=1))


def _passed_over(day: date, kind: str) -> QuerySet[Period]:
    return Period.objects.filter(kind=kind)


def _branched(number: int) -> QuerySet[Period]:
    found = Period.objects.filter(pk=number)
    return found.order_by("pk") if number > 10_000 else found.order_by("-pk")


def _both(text: str) -> QuerySet[Period]:
    return Period.objects.filter(slug=text, label=text.upper())


def _impossible(number: int) -> QuerySet[Period]:
    return Period.objects.filter(pk=number, slug__in=[])


@pytest.mark.parametrize(
    ("build", "values"),
    [
        (_moved, [b.Q4.start_on]),
        (_passed_over, [b.Q4.start_on, "quarter"]),
        (_branched, [1]),
        (_both, ["a"]),
        (_impossible, [1]),
        (_branched, [True]),
        (_both, [1.5]),
    ],
)
def test_question_when_it_does_more_than_ask_for_its_values_then_refused_whatever_they_are(
    build: Callable[..., QuerySet[Any]], values: list[Any]
) -> None:
    with pytest.raises(TypeError):
        question(build)(*values)
