"""Asks pip-audit whether a weakness of what requirements.txt pins is known.

Ends with 1 where one is. Where pip-audit is not installed, or its service does not answer, says in one line that
nothing was checked, and ends with 0: what could not be asked is no finding.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300


def asked(program: str) -> list[dict[str, Any]]:
    """What is known of each pinned package. Raises ValueError with the reason where nothing could be asked."""
    command = [
        program,
        "-r",
        str(ROOT / "requirements.txt"),
        "--disable-pip",
        "--progress-spinner",
        "off",
        "-f",
        "json",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        raise ValueError("its service does not answer") from None
    except (json.JSONDecodeError, KeyError, TypeError):
        said = done.stderr.strip().splitlines()
        raise ValueError(said[-1][:200] if said else "its service does not answer") from None
    return found


def main(programs: Sequence[str]) -> int:
    """Prints what is known; 1 where a weakness is."""
    program = next((found for name in programs if (found := shutil.which(name))), None)
    if program is None:
        print("Known weaknesses of the dependencies: not checked, pip-audit is not installed.")
        return 0
    try:
        found = asked(program)
    except ValueError as reason:
        print(f"Known weaknesses of the dependencies: not checked, {reason}.")
        return 0
    weak = [(one["name"], one["version"], known["id"]) for one in found for known in one.get("vulns", [])]
    for name, version, what in weak:
        print(f"{name} {version}: {what}")
    print(f"Known weaknesses of the dependencies: {len(weak)} in {len(found)} packages.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main([str(Path(sys.executable).parent / "pip-audit"), "pip-audit"]))
