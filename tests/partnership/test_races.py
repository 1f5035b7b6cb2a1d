"""Two people at the same moment where a pack is published: one outcome, no half state, and the other is told."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from indicators import operations
from indicators.models import (
    CurrentFigure,
    DraftCell,
    Figure,
    FigureApproval,
    Period,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
    ReportingRound,
    Return,
    Scorecard,
    User,
)
from indicators.operations import CellChange, CellConflict, ReturnChanged, WrongState, drafts, rounds
from partnership.models import Pack, PackEvent, PackTable
from partnership.operations import packs
from partnership.operations.packs import (
    PackChanged,
    PackDraft,
    change_pack,
    create_pack,
    discard_pack,
    give_reasons,
    publish_pack,
    withdraw_pack,
)
from partnership.selectors.packs import points_of
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.indicators.test_current_figure import pointers, pointers_from_scratch
from tests.threads import PATIENCE, Together

pytestmark = pytest.mark.django_db(transaction=True)

Step = Callable[[], Any]
TURNS = range(2)


# Who and what


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator("assessed")


@pytest.fixture
def people(measure: b.Measure) -> b.Gates:
    return b.the_people()


@pytest.fixture
def together(tmp_path: Any) -> Iterator[Callable[[], Together]]:
    """Makes the threads' database as it stands when called; afterwards it must be sound, whatever was done."""
    made: list[Together] = []

    def make() -> Together:
        made.append(Together(tmp_path))
        return made[-1]

    yield make
    for one in made:
        assert one.read(unsound) == "nothing"


def seen(together: Together, question: Step) -> Any:
    """What a question gives in the threads' database, nothing and none included."""
    return together.read(lambda: (question(),))[0]


def unsound() -> str:
    """What is half done in the whole database."""
    found = []
    published = set(PackEvent.objects.filter(action="published").values_list("pack", flat=True))
    carried = set(PackTable.objects.values_list("pack", flat=True))
    if published != carried:
        found.append(f"packs published {published}, packs with tables {carried}")
    if PackEvent.objects.filter(action="published").count() != len(published):
        found.append("published twice")
    if PublishedTable.objects.filter(in_pack=None).exists():
        found.append("a published table of no pack")
    for event in PackEvent.objects.filter(action="published"):
        told = [(t["code"], t["rows"]) for t in event.manifest["tables"]]
        if told != [(t.code, t.table.rows.count()) for t in event.pack.tables.order_by("order")]:
            found.append(f"{event.pack.code} does not hold what its manifest says")
    found += [f"{v.pack}/{v.table}: {v.words}" for v in verified_packs() if v.finding is not Finding.SOUND]
    if pointers() != pointers_from_scratch():
        found.append("the pointers are not what the revisions say")
    for row in Return.objects.all():
        if row.version != 1 + row.transitions.count():
            found.append(f"{row}: version {row.version} after {row.transitions.count()} steps")
    if DraftCell.objects.filter(in_return__state__in=["submitted", "approved"]).exists():
        found.append("drafts of a return that is submitted")
    return "; ".join(found) or "nothing"


Choice = tuple[Scorecard, Period]


def a_draft(choices: Sequence[Choice], by: User, **changes: Any) -> Pack:
    """A pack that can be published at once: every point that may stand has its reason."""
    given: dict[str, Any] = {
        "title": "Quarter 4",
        "body": "Overview board",
        "meeting_on": date(2022, 7, 7),
        "audience": "board",
        "choices": choices,
    }
    partnership = choices[0][0].partnership
    pack = create_pack(partnership=partnership, draft=PackDraft(**(given | changes)), by=by, at=b.NOW)
    reasons = {p.key: "The meeting knows." for p in points_of(pack, today=b.TODAY) if not p.is_blocking}
    if reasons:
        give_reasons(pack=pack, reasons=reasons, version=pack.version, by=by, at=b.NOW)
    return Pack.objects.get(pk=pack.pk)


def choice_of(row: Return) -> Choice:
    return row.round.scorecard, row.round.period


def a_waiting_correction(row: Return, series: Any, numerator: int = 60) -> Return:
    """A correction that waits for the council's acceptance."""
    made = b.a_restatement(row, [series])
    b.fill(made, {series.pk: b.a_cell(numerator, 100, commentary="Counted anew.")})
    b.submit(made)
    return b.sign_off(made)


# Steps


def publish(pack: Pack, by: User, key: str = "") -> Step:
    version = pack.version
    return lambda: publish_pack(pack=pack, version=version, by=by, at=b.NOW, key=key)


def accept(row: Return, by: User, key: str = "") -> Step:
    version = b.fresh(row).version
    return lambda: operations.accept_return(in_return=row, by=by, at=b.NOW, version=version, key=key)


def save(row: Return, series: Any, numerator: int, by: User) -> Step:
    change = CellChange(series, b.a_cell(numerator, 100, commentary="So it is."), b.based_on(row, series))
    return lambda: operations.keep_cells(in_return=row, changes=[change], by=by, at=b.NOW)


def lock(row: Return, by: User) -> Step:
    return lambda: operations.lock_round(reporting_round=row.round, reason="Closed.", by=by, at=b.NOW)


# Meeting


def one_meets_the_other(
    together: Together, patch: pytest.MonkeyPatch, place: tuple[Any, str], first: Step, second: Step
) -> tuple[Any, Any, bool, int]:
    """The first step is halted in the middle, where it calls the function at `place`; there the second begins, and the
    first goes on when the second waits for it or has come through. Both outcomes, whether the second waited, and how
    often the function was called."""
    module, name = place
    really, begun, waited, calls = getattr(module, name), threading.Event(), [], []
    mine: list[int] = []

    def halted(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        if threading.get_ident() in mine and not begun.is_set():
            begun.set()
            waited.append(together.waits_for_me(1))
        return really(*args, **kwargs)

    def one() -> Any:
        mine.append(threading.get_ident())
        return first()

    def other() -> Any:
        assert begun.wait(timeout=PATIENCE)
        return second()

    patch.setattr(module, name, halted)
    outcomes = together.run(one, other)
    assert waited, outcomes
    return outcomes[0], outcomes[1], waited == [True], len(calls)


FROZEN = (packs, "manifest_of")  # all tables of the pack are written, its publication is not
ACCEPTED = (operations.returns, "_transition")  # the revisions are approved, the return is not
LOCKED = (rounds, "_record")  # the round is locked, the record of it is not written


def as_published(pack: Pack) -> list[tuple[str, str, int | None]]:
    """What the pack tells: scorecard, indicator and revision of each row."""
    rows = PublishedRow.objects.filter(table__in_pack__pack=pack).order_by("table__in_pack__order", "order")
    return [
        (row.table.in_pack.code, row.key.split("/")[1], row.figure.revision if row.figure else None)
        for row in rows.select_related("table__in_pack", "figure")
    ]


# Publish and publish


def test_pack_when_two_people_publish_it_at_the_same_moment_then_once_and_the_other_is_told(
    measure, people, together, monkeypatch
) -> None:
    pack = a_draft([choice_of(b.a_return(state="approved"))], people.acceptor)
    here = together()
    first, second, waited, _ = one_meets_the_other(
        here, monkeypatch, FROZEN, publish(pack, people.acceptor), publish(pack, people.acceptor_deputy)
    )
    assert waited
    assert isinstance(first, PackEvent)
    assert isinstance(second, WrongState), repr(second)
    assert str(second) == "This pack is published already."
    assert seen(here, lambda: list(PackEvent.objects.filter(action="published"))) == [first]


@pytest.mark.parametrize("turn", TURNS)
def test_pack_when_two_people_publish_it_truly_at_once_then_once(turn: int, measure, people, together) -> None:
    pack = a_draft([choice_of(b.a_return(state="approved"))], people.acceptor)
    outcomes = together().run(publish(pack, people.acceptor), publish(pack, people.acceptor_deputy))
    assert sorted(type(o) for o in outcomes if isinstance(o, Exception)) == [WrongState], outcomes
    assert sum(isinstance(o, PackEvent) for o in outcomes) == 1


def test_pack_when_its_button_is_pressed_twice_then_published_once_and_both_are_told_so(
    measure, people, together, monkeypatch
) -> None:
    pack = a_draft([choice_of(b.a_return(state="approved"))], people.acceptor)
    step = publish(pack, people.acceptor, key="form-1")
    here = together()
    first, second, waited, _ = one_meets_the_other(here, monkeypatch, FROZEN, step, step)
    assert waited
    assert isinstance(first, PackEvent)
    assert second == first
    assert seen(here, PackTable.objects.count) == 1


@pytest.mark.parametrize("turn", TURNS)
def test_pack_when_its_button_is_pressed_twice_truly_at_once_then_published_once(
    turn: int, measure, people, together
) -> None:
    pack = a_draft([choice_of(b.a_return(state="approved"))], people.acceptor)
    step = publish(pack, people.acceptor, key="form-1")
    first, second = together().run(step, step)
    assert isinstance(first, PackEvent), repr(first)
    assert first == second


def test_pack_when_the_answer_was_lost_and_the_form_is_sent_again_then_nothing_more_happens(
    measure, people, together
) -> None:
    pack = a_draft([choice_of(b.a_return(state="approved"))], people.acceptor)
    here = together()
    (first,) = here.run(publish(pack, people.acceptor, key="form-1"))
    before = seen(here, lambda: list(PackEvent.objects.order_by("pk")))
    assert here.run(publish(pack, people.acceptor, key="form-1")) == [first]
    for step in (
        publish(pack, people.acceptor, key="form-2"),
        publish(pack, people.acceptor),
        publish(pack, people.acceptor_deputy, key="form-1"),
    ):
        (again,) = here.run(step)
        assert isinstance(again, WrongState), repr(again)
    assert seen(here, lambda: list(PackEvent.objects.order_by("pk"))) == before


def test_packs_when_two_of_the_same_scorecard_are_published_at_once_then_both_and_both_sound(
    measure, people, together, monkeypatch
) -> None:
    row = b.a_return(state="approved")
    one = a_draft([choice_of(row)], people.acceptor)
    other = a_draft([choice_of(row)], people.acceptor, body="Scrutiny panel")
    here = together()
    first, second, waited, _ = one_meets_the_other(
        here, monkeypatch, FROZEN, publish(one, people.acceptor), publish(other, people.acceptor_deputy)
    )
    assert waited
    assert [type(o) for o in (first, second)] == [PackEvent, PackEvent], (first, second)


def test_packs_when_both_are_to_replace_the_same_one_then_one_is_and_the_other_is_told(
    measure, people, together
) -> None:
    row = b.a_return(state="approved")
    former = a_draft([choice_of(row)], people.acceptor)
    publish(former, people.acceptor)()
    plain = a_draft([choice_of(row)], people.acceptor, body="Scrutiny panel")
    draft = PackDraft("Anew", "Overview board", date(2022, 7, 14), "board", [choice_of(row)], supersedes=former)

    def begin(by: User) -> Step:
        return lambda: create_pack(partnership=former.partnership, draft=draft, by=by, at=b.NOW)

    def change() -> None:
        change_pack(pack=plain, draft=draft, version=plain.version, by=people.acceptor, at=b.NOW)

    here = together()
    outcomes = here.run(begin(people.acceptor), begin(people.acceptor_deputy), change)
    refused = [o for o in outcomes if isinstance(o, Exception)]
    assert [type(o) for o in refused] == [WrongState, WrongState], outcomes
    assert seen(here, lambda: Pack.objects.filter(supersedes=former).count()) == 1


def test_packs_when_what_replaced_one_was_withdrawn_and_two_are_to_replace_it_then_one_is(
    measure, people, together
) -> None:
    row = b.a_return(state="approved")
    former = a_draft([choice_of(row)], people.acceptor)
    publish(former, people.acceptor)()
    draft = PackDraft("Anew", "Overview board", date(2022, 7, 14), "board", [choice_of(row)], supersedes=former)
    gone = create_pack(partnership=former.partnership, draft=draft, by=people.acceptor, at=b.NOW)
    publish(gone, people.acceptor)()
    withdraw_pack(pack=gone, reason="Wrong.", is_breach=True, by=people.acceptor, at=b.NOW)

    def begin(by: User) -> Step:
        return lambda: create_pack(partnership=former.partnership, draft=draft, by=by, at=b.NOW)

    here = together()
    outcomes = here.run(begin(people.acceptor), begin(people.acceptor_deputy))
    assert sorted(type(o) for o in outcomes if isinstance(o, Exception)) == [WrongState], outcomes
    assert seen(here, lambda: sorted(Pack.objects.filter(supersedes=former).values_list("turn", flat=True))) == [1, 2]


def test_form_of_a_new_pack_when_sent_twice_at_once_then_one_is_begun_and_both_are_given_it(
    measure, people, together
) -> None:
    row = b.a_return(state="approved")
    draft = PackDraft("Quarter 4", "Overview board", date(2022, 7, 14), "board", [choice_of(row)])

    def begin() -> str:
        made = create_pack(partnership=row.round.partnership, draft=draft, by=people.acceptor, at=b.NOW, key="form-1")
        return made.code

    here = together()
    assert here.run(begin, begin, begin) == ["overview-board-2022-07-14"] * 3
    assert seen(here, lambda: (Pack.objects.count(), PackEvent.objects.count())) == (1, 1)


# Publish and restate


def test_correction_when_accepted_while_its_pack_is_being_published_then_it_waits_and_the_pack_tells_the_old_one(
    measure, people, together, monkeypatch
) -> None:
    row = b.a_return(state="approved")
    correction = a_waiting_correction(row, measure.series)
    pack = a_draft([choice_of(row)], people.acceptor)
    here = together()
    first, second, waited, calls = one_meets_the_other(
        here, monkeypatch, FROZEN, publish(pack, people.acceptor_deputy), accept(correction, people.acceptor)
    )
    assert waited
    assert isinstance(first, PackEvent), repr(first)
    assert (second, calls) == ("done", 1)
    assert seen(here, lambda: as_published(pack)) == [("contract-2021-22-q4", "assessed", 1)]
    assert seen(here, lambda: CurrentFigure.objects.get().approved.revision) == 2


def test_pack_when_published_while_a_correction_is_being_accepted_then_it_waits_and_tells_the_new_one(
    measure, people, together, monkeypatch
) -> None:
    row = b.a_return(state="approved")
    correction = a_waiting_correction(row, measure.series)
    pack = a_draft([choice_of(row)], people.acceptor)
    here = together()
    first, second, waited, _ = one_meets_the_other(
        here, monkeypatch, ACCEPTED, accept(correction, people.acceptor), publish(pack, people.acceptor_deputy)
    )
    assert waited
    assert first == "done"
    assert isinstance(second, PackEvent), repr(second)
    assert seen(here, lambda: as_published(pack)) == [("contract-2021-22-q4", "assessed", 2)]
    cells = seen(here, lambda: PublishedRow.objects.get().cells)
    assert {"60", "100", "Counted anew."} <= set(cells)


@pytest.mark.parametrize("turn", TURNS)
def test_pack_and_correction_when_truly_at_once_then_the_old_figure_or_the_new_one_and_never_some_of_each(
    turn: int, people, measure, together
) -> None:
    second = b.an_indicator("seen")
    row = b.a_return(state="approved")
    correction = b.a_restatement(row, [measure.series, second.series])
    b.fill(correction, {s.pk: b.a_cell(60, 100, commentary="Counted anew.") for s in (measure.series, second.series)})
    b.submit(correction)
    b.sign_off(correction)
    pack = a_draft([choice_of(row)], people.acceptor)
    here = together()
    accepted, event = here.run(accept(correction, people.acceptor), publish(pack, people.acceptor_deputy))
    assert accepted == "done"
    assert isinstance(event, PackEvent), repr(event)
    assert len({revision for _, _, revision in seen(here, lambda: as_published(pack))}) == 1


def test_pack_when_a_figure_it_only_compares_with_is_restated_half_way_then_all_of_it_is_of_one_moment(
    measure, people, together, monkeypatch
) -> None:
    """The third quarter is not in the pack, so nothing holds its return: the second table must still see the figure
    that the first one saw."""
    earlier = b.tick(period=b.Q3)
    rows = [b.tick(period=b.Q4), b.tick(period=b.Q4.next())]
    correction = a_waiting_correction(earlier, measure.series)
    pack = a_draft([choice_of(row) for row in rows], people.acceptor)
    really, tables = packs.freeze_scorecard, []
    here, begun = together(), threading.Event()

    def between(**kwargs: Any) -> PublishedTable:
        if tables:
            begun.set()
            here.waits_for_me(1)
        tables.append(really(**kwargs))
        return tables[-1]

    def restate() -> Any:
        assert begun.wait(timeout=PATIENCE)
        return accept(correction, people.acceptor)()

    monkeypatch.setattr(packs, "freeze_scorecard", between)
    event, accepted = here.run(publish(pack, people.acceptor_deputy), restate)
    assert isinstance(event, PackEvent), repr(event)
    assert accepted == "done"
    assert len(tables) == 2
    old = Figure.objects.get(period__slug=b.Q3.slug, revision=1)
    pins = seen(
        here, lambda: list(PublishedFigure.objects.filter(figure__period=old.period).values_list("figure", flat=True))
    )
    assert pins == [old.pk, old.pk]


def test_manifest_when_a_pack_is_published_then_it_names_exactly_what_is_pinned(measure, people) -> None:
    b.tick(period=b.Q3)
    pack = a_draft([choice_of(b.tick(period=b.Q4))], people.acceptor)
    publish(pack, people.acceptor)()
    (told,) = PackEvent.objects.get(action="published").manifest["tables"]
    assert told["revisions"] == ["assessed/whole/2021-22-q3/1", "assessed/whole/2021-22-q4/1"]
    assert told["keys"] == ["northshire/assessed/whole/2021-22-q4/1"]


# Publish and lock


def test_round_when_locked_while_its_pack_is_being_published_then_it_waits_and_both_are_done(
    measure, people, together, monkeypatch
) -> None:
    row = b.a_return(state="approved")
    pack = a_draft([choice_of(row)], people.acceptor)
    here = together()
    first, second, waited, calls = one_meets_the_other(
        here, monkeypatch, FROZEN, publish(pack, people.acceptor), lock(row, people.acceptor_deputy)
    )
    assert waited
    assert isinstance(first, PackEvent), repr(first)
    assert (second, calls) == ("done", 1)


def test_pack_when_published_while_its_round_is_being_locked_then_it_waits_and_neither_is_begun_anew(
    measure, people, together, monkeypatch
) -> None:
    row = b.a_return(state="approved")
    pack = a_draft([choice_of(row)], people.acceptor)
    here, tries, really = together(), [], packs._lock_returns

    def counted(choices: Sequence[Choice]) -> None:
        tries.append(len(choices))
        really(choices)

    monkeypatch.setattr(packs, "_lock_returns", counted)
    first, second, waited, calls = one_meets_the_other(
        here, monkeypatch, LOCKED, lock(row, people.acceptor_deputy), publish(pack, people.acceptor)
    )
    assert waited
    assert first == "done"
    assert isinstance(second, PackEvent), repr(second)
    assert (calls, tries) == (1, [1]), "each held what the other needed, and the database had to end one of them"
    assert seen(here, lambda: ReportingRound.objects.get().state) == "locked"


# Publish and what else is done with the pack


@pytest.mark.parametrize("what", ["reasons", "change", "discard"])
def test_pack_when_changed_while_it_is_being_published_then_the_change_is_refused(
    what: str, measure, people, together, monkeypatch
) -> None:
    pack = a_draft([choice_of(b.a_return(state="approved"))], people.acceptor)
    here = together()
    first, second, waited, _ = one_meets_the_other(
        here, monkeypatch, FROZEN, publish(pack, people.acceptor), changing(pack, people.acceptor_deputy, what)
    )
    assert waited
    assert isinstance(first, PackEvent), repr(first)
    assert isinstance(second, WrongState), repr(second)
    assert seen(here, lambda: Pack.objects.get().title) == "Quarter 4"


@pytest.mark.parametrize("what", ["reasons", "change", "discard"])
def test_pack_when_published_while_it_is_being_changed_then_the_publication_is_refused(
    what: str, measure, people, together, monkeypatch
) -> None:
    pack = a_draft([choice_of(b.a_return(state="approved"))], people.acceptor)
    place = {
        "reasons": (packs, "points_of"),
        "change": (packs, "_choose"),
        "discard": (packs, "_event"),
    }[what]
    here = together()
    first, second, waited, _ = one_meets_the_other(
        here, monkeypatch, place, changing(pack, people.acceptor_deputy, what), publish(pack, people.acceptor)
    )
    assert waited
    assert first == "done"
    assert isinstance(second, PackChanged), repr(second)
    assert seen(here, PackEvent.objects.filter(action="published").count) == 0


def changing(pack: Pack, by: User, what: str) -> Step:
    """Gives a reason, another title, or the pack up."""
    common = {"pack": pack, "version": pack.version, "by": by, "at": b.NOW}
    if what == "reasons":
        return lambda: give_reasons(reasons={"correction:contract/2021-22-q4/1": "Because."}, **common)
    if what == "discard":
        return lambda: discard_pack(**common)
    choices = [(c.scorecard, c.period) for c in pack.choices.select_related("scorecard__partnership", "period")]
    draft = PackDraft("Another title", pack.body, pack.meeting_on, pack.audience, choices)
    return lambda: change_pack(draft=draft, **common)


@pytest.mark.parametrize("turn", TURNS)
def test_pack_when_two_withdraw_it_at_once_then_once_and_the_other_is_told(
    turn: int, measure, people, together
) -> None:
    pack = a_draft([choice_of(b.a_return(state="approved"))], people.acceptor)
    publish(pack, people.acceptor)()

    def withdraw(by: User) -> Step:
        return lambda: withdraw_pack(pack=pack, reason="Wrong board.", is_breach=False, by=by, at=b.NOW)

    here = together()
    outcomes = here.run(withdraw(people.acceptor), withdraw(people.acceptor_deputy))
    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [WrongState], outcomes
    assert seen(here, PackEvent.objects.filter(action="withdrawn").count) == 1


# Accept and save


def test_cell_when_two_analysts_save_it_at_the_same_moment_then_one_is_kept_and_the_other_is_shown_both(
    measure, people, together, monkeypatch
) -> None:
    row = b.a_return()
    here = together()
    first, second, waited, _ = one_meets_the_other(
        here,
        monkeypatch,
        (operations.drafts, "_write"),
        save(row, measure.series, 85, people.analyst),
        save(row, measure.series, 58, people.second_analyst),
    )
    assert waited
    assert first == {measure.series.pk: "0.1"}
    assert isinstance(second, CellConflict), repr(second)
    (clash,) = second.clashes
    assert (clash.theirs.numerator, clash.yours.numerator, clash.their_name) == (85, 58, str(people.analyst))
    (draft,) = seen(here, lambda: list(DraftCell.objects.all()))
    assert drafts.cell_from_draft(draft) == clash.theirs


@pytest.mark.parametrize("turn", TURNS)
def test_cell_when_two_analysts_save_it_truly_at_once_then_one_is_kept_and_the_other_is_shown_both(
    turn: int, measure, people, together
) -> None:
    row = b.a_return()
    here = together()
    outcomes = here.run(
        save(row, measure.series, 85, people.analyst), save(row, measure.series, 58, people.second_analyst)
    )
    (conflict,) = [o for o in outcomes if isinstance(o, Exception)]
    assert isinstance(conflict, CellConflict), repr(conflict)
    (clash,) = conflict.clashes
    (draft,) = seen(here, lambda: list(DraftCell.objects.all()))
    assert drafts.cell_from_draft(draft) == clash.theirs
    assert {clash.theirs.numerator, clash.yours.numerator} == {85, 58}


def test_cell_when_saved_while_its_return_is_being_accepted_then_it_waits_and_is_refused(
    measure, people, together, monkeypatch
) -> None:
    row = b.a_return(state="signed_off")
    here = together()
    first, second, waited, _ = one_meets_the_other(
        here,
        monkeypatch,
        ACCEPTED,
        accept(row, people.acceptor),
        save(row, measure.series, 58, people.analyst),
    )
    assert waited
    assert first == "done"
    assert isinstance(second, WrongState), repr(second)
    assert "is approved, so its figures cannot be changed" in str(second)
    assert seen(here, lambda: CurrentFigure.objects.get().approved.numerator) == 85


@pytest.mark.parametrize("turn", TURNS)
def test_cell_and_acceptance_when_truly_at_once_then_what_was_signed_off_is_accepted(
    turn: int, measure, people, together
) -> None:
    row = b.a_return(state="signed_off")
    here = together()
    accepted, saved = here.run(accept(row, people.acceptor), save(row, measure.series, 58, people.analyst))
    assert accepted == "done"
    assert isinstance(saved, WrongState), repr(saved)
    assert seen(here, lambda: CurrentFigure.objects.get().approved.numerator) == 85
    assert seen(here, DraftCell.objects.count) == 0


def test_return_when_sent_back_while_it_is_being_accepted_then_accepted_and_the_other_is_told(
    measure, people, together, monkeypatch
) -> None:
    row = b.a_return(state="signed_off")
    version = b.fresh(row).version

    def send_back() -> None:
        by = people.acceptor_deputy
        operations.send_back(in_return=row, by=by, at=b.NOW, version=version, comment="Please look.")

    here = together()
    first, second, waited, _ = one_meets_the_other(here, monkeypatch, ACCEPTED, accept(row, people.acceptor), send_back)
    assert waited
    assert first == "done"
    assert isinstance(second, ReturnChanged), repr(second)
    assert seen(here, lambda: Return.objects.get().state) == "approved"


def test_acceptance_when_the_answer_was_lost_and_the_form_is_sent_again_then_nothing_more_happens(
    measure, people, together
) -> None:
    row = b.a_return(state="signed_off")
    step = accept(row, people.acceptor, key="form-1")
    here = together()
    assert here.run(step) == ["done"]
    assert here.run(step) == ["done"]
    assert seen(here, FigureApproval.objects.count) == 1
    assert seen(here, lambda: Return.objects.get().transitions.filter(action="approved").count()) == 1


def test_return_when_its_button_is_pressed_twice_truly_at_once_then_accepted_once(measure, people, together) -> None:
    row = b.a_return(state="signed_off")
    step = accept(row, people.acceptor, key="form-1")
    here = together()
    assert here.run(step, step) == ["done", "done"]
    assert seen(here, FigureApproval.objects.count) == 1


@pytest.mark.parametrize(("name", "action"), [("sign_off", "signed_off"), ("send_back", "returned")])
def test_return_when_the_leads_button_is_pressed_twice_truly_at_once_then_carried_out_once(
    name, action, measure, people, together
) -> None:
    row = b.a_return(state="submitted")
    sent = {"in_return": row, "by": people.lead, "at": b.NOW, "version": b.fresh(row).version, "comment": "Look at it."}
    here = together()
    step = lambda: getattr(operations, name)(**sent, key="form-1")  # noqa: E731
    assert here.run(step, step) == ["done", "done"]
    assert seen(here, lambda: Return.objects.get().transitions.filter(action=action).count()) == 1
