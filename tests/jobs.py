"""A child's job done in the process of the test: a child loads scipy anew, which takes far longer than small tables."""

from collections.abc import Generator
from typing import Any

from indicators import bounded
from indicators.disclosure.job import JOB, control_disclosure

in_a_child = bounded.stream


def here(*, job: str, payload: bytes, **given: Any) -> Generator[str, None, bytes]:
    """As `bounded.stream`; what protects small numbers is done here, every other job in a child."""
    if job != JOB:
        return (yield from in_a_child(job=job, payload=payload, **given))
    told: list[str] = []
    answer = control_disclosure(payload, told.append)
    yield from told
    return answer
