"""The declared mappings of published files, shipped with the code; no database."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from indicators.benchmark_maps import NeighboursMap, SetMap, read_map


def benchmarks_folder() -> Path:
    """Where mappings, successors, comparisons and the trimmed copies of the published files are."""
    return Path(settings.BASE_DIR) / "fixtures" / "benchmarks"


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    paths = sorted((benchmarks_folder() / "maps").glob("*.toml"))
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in paths)


@cache
def declared_maps() -> dict[str, SetMap | NeighboursMap]:
    """Every mapping by the code of its data set, read once per process. Raises MapError for one that is not sound."""
    return {one.code: one for one in (read_map(text, name) for name, text in _texts())}


def payload_of(files: Sequence[tuple[str, bytes]]) -> bytes:
    """What the child is sent to read files: their names and sizes, every mapping, and the files."""
    successors = (benchmarks_folder() / "areas.toml").read_text(encoding="utf-8")
    head = {"files": [(name, len(data)) for name, data in files], "maps": _texts(), "successors": successors}
    return b"".join([json.dumps(head).encode(), b"\n", *(data for _, data in files)])
