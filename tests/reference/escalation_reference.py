"""A second way to runs of periods outside tolerance: forwards, by what is carried from period to period."""

from typing import Any


def run_forwards(course: list[dict[str, Any]], asked: int) -> tuple[int, str, int] | None:
    """How many, since when, and how many between them were not judged; of dicts with label, rating, due and waived."""
    due = [seen for seen in course if seen["due"]]
    if not due:
        return None
    count, since, between, silence = 0, "", 0, 0
    for place, seen in enumerate(due):
        is_last = place == len(due) - 1
        if seen["waived"] and not is_last:
            continue
        if seen["rating"] == "outside":
            if count == 0:
                since, between = seen["label"], 0
            else:
                between += silence
            count, silence = count + 1, 0
        elif seen["rating"] == "not_judged":
            silence += 1
            if silence >= asked:
                count, silence = 0, 0
        else:
            count, silence = 0, 0
        if count == 0:
            silence = 0 if seen["rating"] != "not_judged" else silence
    return (count, since, between) if due[-1]["rating"] == "outside" else None
