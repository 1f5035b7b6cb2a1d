"""The verdicts on a whole transcribed report: each statement by itself, and the sums of each table together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from indicators.checks_engine.comparison import ByCode, Outcome
from indicators.checks_engine.sums import conflicts, system_of
from indicators.checks_engine.verdicts import Verdict, judge_statement
from indicators.report_statements import Statement

_GOOD = frozenset({Outcome.AGREES, Outcome.WITHIN_ROUNDING})


def judge_report(statements: Sequence[Statement], by_code: ByCode | None = None) -> tuple[Verdict, ...]:
    """The verdict on every statement that has a check, in the order given; `by_code` holds their parts as well.

    The sums of a group are solved together, which loads scipy: this belongs in a command or a child process, never in
    a web process.
    """
    known = by_code if by_code is not None else {s.code: s for s in statements}
    verdicts = {s.code: judge_statement(s, known) for s in statements if s.check is not None}
    for group in sorted({s.group for s in statements if s.group and s.check}):
        members = [s for s in statements if s.group == group and s.code in verdicts]
        for together in conflicts(system_of(members, known)):
            if len(together) > 1:
                _tell(verdicts, together)
    return tuple(verdicts.values())


def _tell(verdicts: dict[str, Verdict], together: tuple[str, ...]) -> None:
    """Turns the verdicts of sums that could each hold, but not together, into contradictions that quote them all."""
    for code in together:
        verdict = verdicts[code]
        if verdict.outcome not in _GOOD:
            continue
        others = [other for other in together if other != code]
        words = f"It cannot hold together with {', '.join(others)}: no rounding makes all of them true."
        places = {p.code: p for p in (*verdict.places, *(p for other in others for p in verdicts[other].places))}
        verdicts[code] = replace(
            verdict,
            outcome=Outcome.CONTRADICTS,
            sentence=f"{verdict.sentence} {words}",
            together=together,
            places=tuple(places.values()),
        )


def findings(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts that somebody should look at: contradictions first, then what was cut off."""
    found = [v for v in verdicts if v.is_finding]
    return sorted(found, key=lambda v: v.outcome is not Outcome.CONTRADICTS)
