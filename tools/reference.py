"""Writes docs/reference: commands, roles, units, symbols, files that are sent in or downloaded, and the API, as the
code has them. tests/test_docs.py fails when a document is not what this would write."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("APP_ENV", "development")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
    import django

    django.setup()

from django.conf import settings  # noqa: E402
from django.core import management  # noqa: E402
from django.core.management import find_commands, load_command_class  # noqa: E402

from finance.plan_text import ASSUMED_HEADINGS, ROW_HEADINGS  # noqa: E402
from finance.ssda903.reading import COLUMNS, NEEDED  # noqa: E402
from indicators import entry  # noqa: E402
from indicators.benchmark_maps import NeighboursMap, SetMap, read_map  # noqa: E402
from indicators.figures_table import FIGURES_TABLE  # noqa: E402
from indicators.imports import LAYOUTS, MAX_ROWS, RETURN_KEYS  # noqa: E402
from indicators.measurement import CORRECTION_WORDS, NOT_REPORTABLE_WORDS  # noqa: E402
from indicators.published_table import FORMAT_VERSION, WRITERS  # noqa: E402
from indicators.restated import RESTATED_TABLE  # noqa: E402
from indicators.roles import ROLE_PERMISSIONS, ROLE_WORDS, Permission, Role, role_grants  # noqa: E402
from indicators.symbols_table import symbol_groups  # noqa: E402
from indicators.table_spec import TableSpec  # noqa: E402
from indicators.units import Unit, factor, unit_asked  # noqa: E402
from indicators.views.entry_rows import FIELD_WORDS  # noqa: E402
from indicators.views.return_workbook import PROMPTS  # noqa: E402
from partnership.api_declaration import DEFAULT_SIZE, MOST_ON_A_PAGE, RESOURCES, STEM  # noqa: E402
from partnership.open_data import FORM_WORDS  # noqa: E402
from referrals.annex_a.spec import LISTS  # noqa: E402

APPS = ("indicators", "referrals", "finance", "partnership")
_MEGABYTE = 1024 * 1024


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    """A meaning without its point, for a cell of a table."""
    return text.rstrip(".")


_OF_DJANGO = "Its arguments are those of Django: `manage.py {} --help`."


def commands() -> str:
    """Every command with its arguments."""
    parts = ["# Commands", "Each is run as `manage.py COMMAND`, with the variables of the service set. "
             "When to run which: `docs/settings.md`."]  # fmt: skip
    own = [(path.stem, app) for app in APPS for path in (ROOT / app / "management" / "commands").glob("[a-z]*.py")]
    for name, app in sorted(own):
        command = load_command_class(app, name)
        own_words = name not in find_commands(management.__path__[0])
        arguments = _arguments(command.create_parser("", name)) if own_words else [_OF_DJANGO.format(name)]
        parts += [f"## {name}", _sentence(command.help) + ".", *arguments]
    return "\n\n".join(parts) + "\n"


def _arguments(parser: argparse.ArgumentParser) -> list[str]:
    """The arguments of its own as a table; none where it has none."""
    usual = {action.dest for action in load_command_class("django.core", "check").create_parser("", "")._actions}
    usual = (usual - {"tags", "deploy", "databases"}) | {"skip_checks"}
    rows = [
        (f"`{_written(one)}`", "yes" if one.required else "no", _sentence(one.help or ""))
        for one in parser._actions
        if one.dest not in usual
    ]
    return [_table(("argument", "needed", "meaning"), rows)] if rows else ["It takes no arguments."]


def _written(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest).upper().replace("_", "-") + (" …" if action.nargs == "+" else "")
    if not action.option_strings:
        return name
    return action.option_strings[-1] if action.nargs == 0 else f"{action.option_strings[-1]} {name}"


def roles() -> str:
    """Who may do what."""
    heads = ("may", *(ROLE_WORDS[role] for role in Role))
    return "\n\n".join([
        "# Roles and rights",
        "A role holds for one partner or for the whole partnership, from a day until a day. The council’s people have "
        "it for the whole partnership; analysts, finance officers and a partner’s lead have it for their partner.",
        "**partner**: only with a role for one partner, and for its returns. **whole**: only with a role for the whole "
        "partnership. **yes**: with either.",
        _table(heads, [(one.value, *(_granted(role, one) for role in Role)) for one in Permission]),
        "Whoever typed a figure of a return or submitted it decides on nothing of it, whatever the role; and who "
        "signed off does not accept. One person holds one gate of a partner. What single persons may do is on the page "
        "“Who can see what”, for administrators.",
    ]) + "\n"  # fmt: skip


def _granted(role: Role, permission: Permission) -> str:
    if permission not in ROLE_PERMISSIONS[role]:
        return "–"
    whole, partner = (role_grants(role, permission, for_whole_partnership=whole) for whole in (True, False))
    return {(True, True): "yes", (True, False): "whole", (False, True): "partner"}.get((whole, partner), "–")


def units() -> str:
    """What a number counts, how it is worked out, typed and rounded."""
    rows = []
    for unit in Unit:
        worked = "numerator ÷ denominator" + (f" × {factor(unit):,}" if factor(unit) != 1 else "")
        made = worked if entry.has_parts(unit) else "one number, as typed"
        rows.append((f"`{unit.value}`", made, unit_asked(unit)))
    return "\n\n".join([
        "# Units",
        "The code stands in files and in the API.",
        _table(("unit", "worked out as", "what is typed"), rows),
        "What is worked out is shown with the decimals that the definition names, without any where it names none, on"
        " entry grid and scorecard alike. Numbers are rounded only when they are written, a half away from nought; "
        "they are compared unrounded. Where rounding would put a number on the other side of its target, more "
        "decimals are shown. Only pounds may be below 0.",
    ]) + "\n"  # fmt: skip


def symbols() -> str:
    """Everything that stands in place of a number or beside one."""
    parts = ["# Symbols, reasons and marks", "The words stand on pages, the codes in files and in the API."]
    for group in symbol_groups():
        rows = [(f"`{one.code}`", one.words, one.more, *([one.ees] if group.has_ees else [])) for one in group.symbols]
        heads = ("code", "words", "meaning", *(["in the Department’s layout"] if group.has_ees else []))
        parts += [f"## {group.title}", f"In files: `{group.columns}`", _table(heads, rows)]
    reasons = [(f"`{code.value}`", words) for code, words in NOT_REPORTABLE_WORDS.items()]
    parts += ["## Why a figure is not reportable", _table(("code", "words"), reasons)]
    corrections = [(f"`{code.value}`", words) for code, words in CORRECTION_WORDS.items() if code.is_choice]
    parts += ["## Why a figure is corrected", _table(("code", "words"), corrections)]
    return "\n\n".join(parts) + "\n"


def return_files() -> str:
    """The files that people send in."""
    small, large = settings.UPLOAD_MAX_BYTES // _MEGABYTE, settings.UPLOAD_MAX_BYTES_OF["annex_a_new"] // _MEGABYTE
    keys = [(f"`{name}`", "names the row; leave it as the template has it") for name in RETURN_KEYS]
    columns = {column.name for column in LAYOUTS["return"]}
    boxes = [(f"`{n}`", f"{FIELD_WORDS[n]}. {PROMPTS.get(n, '')}".strip()) for n in entry.FIELDS if n in columns]
    kinds = [(f"`{code}`", words) for code, words in entry.KIND_WORDS.items()]
    parts = [
        "# Files that are sent in",
        "Each is read as a whole or refused with the place and a sentence for everything that is wrong. "
        "CSV is UTF-8 with commas; in Excel “CSV UTF-8 (Comma delimited)”. A name has 200 characters at most.",
        "## A return",
        f"CSV, or the workbook that the return’s page gives; {small} MB and {MAX_ROWS:,} rows at most. The header row "
        "stays as it is. A row that is left empty changes nothing.",
        _table(("column", "what stands there"), keys + boxes),
        "`kind` is one of these, or its words:",
        _table(("code", "words"), kinds),
        "## A plan of placements",
        f"CSV, or rows pasted from a spreadsheet; {small} MB at most. "
        f"Rows: {_listed(ROW_HEADINGS)}. Assumptions: {_listed(ASSUMED_HEADINGS)}.",
        "## A placements file (SSDA903)",
        f"Two CSV files as the return has them, {large} MB together. In bold what is needed.",
        *(f"{file.capitalize()}: {_listed(names, NEEDED[file])}." for file, names in COLUMNS.items()),
        "## Annex A",
        f"One workbook with a sheet for each list, or a CSV file for each list; {large} MB together. Headings are "
        "found whatever their case and spaces, and by usual other names; a list or column that is missing is named, "
        "and what needs it is not computed.",
        _table(("list", "headings"), [
            (f"{one.number}. {one.name}", "; ".join(column.header for column in one.columns)) for one in LISTS
        ]),
        "## Official figures of other areas",
        "CSV files as explore education statistics publishes them. Each of these data sets is told by its columns, "
        "and where these fit several by its name:",
        _table(("data set", "files"), [(one.title, _listed(one.files)) for one in _maps()]),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _listed(names: Iterable[str], needed: Sequence[str] = ()) -> str:
    return ", ".join(f"**`{name}`**" if name in needed else f"`{name}`" for name in names)


def _maps() -> list[SetMap | NeighboursMap]:
    files = sorted((ROOT / "fixtures" / "benchmarks" / "maps").glob("*.toml"))
    return [read_map(path.read_text(encoding="utf-8"), path.stem) for path in files]


def csv_files() -> str:
    """The columns of the files of figures."""
    tables: tuple[tuple[str, str, TableSpec[object]], ...] = (
        ("A scorecard", f"The committee table, version {FORMAT_VERSION} of its columns, as packs and everybody have "
         "it. The file of a live scorecard has the columns of variation and assurance only where they are shown.",
         WRITERS[FORMAT_VERSION]),
        ("An indicator", "Every approved revision.", FIGURES_TABLE),
        ("Figures restated", "What was told, what it is now, and why.", RESTATED_TABLE),
    )  # fmt: skip
    parts = [
        "# Files of figures",
        "CSV as in RFC 4180: UTF-8, commas, a header row also where there are no rows, one type in a column, days as "
        "2022-03-31, numbers bare and exact; where there is none the cell is empty and a symbol stands beside it. A "
        "text that a spreadsheet could take for a formula has an apostrophe before it.",
        "Published tables come in these forms:",
        _table(("file", "what it is"), [(f"`.{form.value}`", words) for form, words in FORM_WORDS.items()]),
    ]  # fmt: skip
    for title, said, spec in tables:
        rows = [(f"`{one.name}`", one.kind.value, _sentence(one.meaning)) for one in spec.fields]
        parts += [f"## {title}", said, _table(("column", "type", "meaning"), rows)]
    return "\n\n".join(parts) + "\n"


def api() -> str:
    """What the API answers."""
    parts = [
        "# API of published data",
        f"Read-only JSON at `{STEM}`; nobody signs in. A list comes in pages of {DEFAULT_SIZE}, at most "
        f"{MOST_ON_A_PAGE:,}: follow `next` until it is null. What cannot be asked is answered with 400 and a "
        "sentence. How often one may ask is said at `/data/api/`.",
        f"A program reads the OpenAPI 3.1 document at `{STEM}openapi.json`.",
    ]  # fmt: skip
    for resource in RESOURCES:
        asked = [(f"`{one.name}`", one.meaning, f"`{one.example}`") for one in resource.asked]
        told = [(f"`{m.name}`", f"{m.type.value}{' or null' * m.is_nullable}", m.meaning) for m in resource.members]
        parts += [
            f"## {resource.title}",
            f"`{resource.path}`: {resource.meaning}",
            _table(("parameter", "meaning", "example"), asked),
            _table(("field", "type", "meaning"), told),
        ]
    return "\n\n".join(parts) + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "roles": roles,
    "units": units,
    "symbols": symbols,
    "return-files": return_files,
    "csv-files": csv_files,
    "api": api,
}


def main() -> None:
    """Writes them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, written in DOCUMENTS.items():
        (FOLDER / f"{name}.md").write_text(written(), encoding="utf-8")
    print(f"Wrote {len(DOCUMENTS)} documents to docs/reference.")


if __name__ == "__main__":
    main()
