"""The shape of the code, held: who may import whom, who may write, who may read the time, and what is never found."""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
APPS = tuple(name for name in ("indicators", "referrals", "finance", "partnership") if (ROOT / name).is_dir())

MAY_IMPORT = {
    "indicators": {"indicators"},
    "referrals": {"referrals", "indicators"},
    "finance": {"finance", "indicators"},
    "partnership": {"partnership", "referrals", "finance", "indicators"},
}

# From the top down; a module imports its own layer and those below.
LAYERS = (
    {"urls", "wsgi", "asgi", "settings"},
    {"views", "admin"},
    {"forms", "tables", "charts", "exports", "imports", "selectors", "operations", "permissions", "middleware",
     "context", "templatetags", "management"} | {"envelope", "list_filters", "uploads"}  # these belong to forms
    | {"workbooks", "document_child", "word_drawing"},  # of imports and exports, in a child process
    {"models", "apps", "checks", "migrations", "logging"},
    {"querysets", "questions"},
)  # fmt: skip
NAMED_EXCEPTIONS = {"clock", "bounded", "triggers"}
FIELD_LAYER = len(LAYERS)
# A library's edge renders or parses finished rows; what is computed is computed elsewhere.
NEVER_MODELS = {"tables", "charts", "exports", "imports", "workbooks", "document_child", "word_drawing"}

HEAVY = {"pandas", "scipy", "numpy", "openpyxl", "docx", "weasyprint", "plotly", "matplotlib", "sklearn"}

WRITES = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES |= {f"a{name}" for name in WRITES} | {"create_user", "create_superuser"}
RELATIONS = r"\.(chosen|answers|contributors|statements|indicators|inflows|outflows)$"
MAY_WRITE = {
    ("indicators.models.definitions", "TextQuerySet.keep"): "a text is kept once, whichever operation brings it",
    ("partnership.document_child", "write_docx"): "python-docx's way to a file in memory",
    ("indicators.models.people", "UserManager.create_user"): "Django's own way of making a user, for manage.py",
    ("indicators.models.people", "UserManager.create_superuser"): "the same",
}

# A method that needs them: loaded inside the function that uses them (the rule on heavy libraries holds here too).
MAY_USE_NUMERIC = {
    "indicators.checks_engine.sums": {"scipy"},
    "indicators.disclosure.solver": {"numpy", "scipy"},
    "finance.demand_band": {"numpy"},
    "finance.demand_model": {"numpy", "scipy"},
    "finance.simulation": {"numpy"},
    "indicators.forecast": {"scipy"},
}

# A drawing's coordinates are no measurements: nothing that they give reaches a judgement or a table. What chance may do
# is drawn in floats too, and rounded to the penny once it is a band.
MAY_USE_FLOATS = {"indicators.sparkline", "indicators.trend", "indicators.charts", "indicators.trend_drawing"}
MAY_USE_FLOATS |= {"indicators.forecast_drawing"}
# So are the quantiles of distributions: limits that are no figures.
MAY_USE_FLOATS |= {"indicators.benchmark_drawing", "indicators.official_lines"}
MAY_USE_FLOATS |= {"indicators.forecast", "indicators.funnel", "indicators.share_charts"}
MAY_USE_FLOATS |= {"finance.demand_band", "finance.demand_model", "finance.simulation"}

READS_TIME = {
    "datetime": {"now", "utcnow", "today", "fromtimestamp"},
    "date": {"today", "fromtimestamp"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
    "timezone": {"now", "localtime", "localdate"},
}

TESTS_THAT_MAY_READ_TIME = {"test_returns_envelope.py": "shifts the clock that Django's signing reads"}

# Over 500 lines a module becomes a package, unless it is named here with its reason.
MAY_BE_LONG: dict[str, str] = {}


def name_of(path: Path) -> str:
    """indicators/models/__init__.py is "indicators.models"."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Every module of the apps by name."""
    return {name_of(path): path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))}


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All of a module, walked once for every rule."""
    return tuple(ast.walk(tree_of(path)))


def imported(node: ast.AST) -> Iterator[str]:
    """The modules that an import statement names: `from indicators import rag` is "indicators.rag"."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield whole if whole in modules() else node.module


@cache
def imports_of(name: str) -> tuple[str, ...]:
    """Every module that a module imports, anywhere in it."""
    return tuple(found for node in nodes_of(modules()[name]) for found in imported(node))


def part_of(name: str) -> str:
    """The word of architecture.md that a module goes by: of indicators.models.people, "models"."""
    return name.split(".")[1] if "." in name else ""


def layer_of(name: str) -> int:
    """The place of a module in LAYERS; a field module lies below them all."""
    part = part_of(name)
    return next((number for number, words in enumerate(LAYERS) if part in words), FIELD_LAYER)


def field_modules() -> list[str]:
    """The modules that are named by the field's own words: everything that no other rule names."""
    named = set().union(*LAYERS) | NAMED_EXCEPTIONS | {""}
    return [name for name in modules() if part_of(name) not in named]


def own_modules() -> list[str]:
    return [name for name in modules() if part_of(name) != "migrations"]


T = TypeVar("T")


def broken(things: Iterable[T], rule: Callable[[T], Sequence[object]]) -> dict[str, Sequence[object]]:
    """What breaks a rule, by what it is found in: one test a rule, for thousands of small ones take longer."""
    found = {str(thing).removeprefix(f"{ROOT}/"): rule(thing) for thing in things}
    return {name: wrong for name, wrong in found.items() if wrong}


# Imports


def test_import_when_it_goes_up_or_sideways_between_apps_then_it_is_refused() -> None:
    def wrong(name: str) -> list[str]:
        refused = set(MAY_IMPORT) - MAY_IMPORT[name.split(".")[0]]
        return [found for found in imports_of(name) if found.split(".")[0] in refused]

    assert broken(own_modules(), wrong) == {}


def test_import_when_it_goes_up_inside_an_app_then_it_is_refused() -> None:
    def above(name: str) -> list[str]:
        inside = [found for found in imports_of(name) if found.startswith(f"{name.split('.')[0]}.")]
        return [f for f in inside if layer_of(f) < layer_of(name) and part_of(f) not in NAMED_EXCEPTIONS]

    assert broken([n for n in own_modules() if part_of(n) not in NAMED_EXCEPTIONS | {""}], above) == {}


def test_edge_of_a_library_when_it_imports_models_then_it_is_refused() -> None:
    def models(name: str) -> list[str]:
        return [found for found in imports_of(name) if part_of(found) in {"models", "selectors", "operations"}]

    assert broken([name for name in own_modules() if part_of(name) in NEVER_MODELS], models) == {}


def test_import_of_our_own_when_inside_a_function_then_it_is_refused() -> None:
    def late(name: str) -> list[str]:
        nodes = nodes_of(modules()[name])
        functions = [n for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        inside = [found for f in functions for node in ast.walk(f) for found in imported(node)]
        relative = [n.module or "." for n in nodes if isinstance(n, ast.ImportFrom) and n.level]
        return [found for found in inside if found.split(".")[0] in MAY_IMPORT] + relative

    assert broken(own_modules(), late) == {}


def test_heavy_library_when_imported_at_module_level_then_it_is_refused() -> None:
    def outside_functions(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from imported(child)
                yield from outside_functions(child)

    def heavy(name: str) -> list[str]:
        return [m for m in outside_functions(tree_of(modules()[name])) if m.split(".")[0] in HEAVY]

    assert broken(own_modules(), heavy) == {}


def test_apps_when_compared_with_the_graph_then_each_has_its_place() -> None:
    with_code = {p.parent.name for p in ROOT.glob("*/apps.py")}
    assert with_code == set(APPS)
    assert not (ROOT / "core").exists()
    assert not (ROOT / "common").exists()
    assert not (ROOT / "utils").exists()


# Purity


def test_field_module_when_it_imports_then_only_the_standard_library_and_its_kind() -> None:
    kin = set(field_modules())

    def strange(name: str) -> list[str]:
        known = sys.stdlib_module_names | MAY_USE_NUMERIC.get(name, set())
        return [found for found in imports_of(name) if found not in kin and found.split(".")[0] not in known]

    assert broken(kin, strange) == {}, "named by the field's word, so they know no Django and no database"


def test_field_modules_when_they_may_use_scipy_then_they_do() -> None:
    used = {name: {found.split(".")[0] for found in imports_of(name)} & HEAVY for name in MAY_USE_NUMERIC}
    assert used == MAY_USE_NUMERIC


def test_field_modules_when_listed_then_the_known_ones_are_among_them() -> None:
    known = "quarters units rag intervals direction_of_travel aggregation scorecard table_spec entry measurement roles"
    known += " checks_engine.sums report_statements"
    assert {f"indicators.{word}" for word in known.split()} <= set(field_modules())


def time_readings(tree: ast.Module) -> list[str]:
    """The calls of a module that read the clock, and any use of the `time` module's moments."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr in READS_TIME.get(owner, ()):
                found.append(f"{owner}.{node.attr} in line {node.lineno}")
        if isinstance(node, ast.ImportFrom) and node.module in {"time", "django.utils.timezone"}:
            wrong = {alias.name for alias in node.names} & (READS_TIME["time"] | READS_TIME["timezone"])
            found += [f"{name} in line {node.lineno}" for name in wrong]
    return found


def may_read_time(path: Path) -> bool:
    """Whether a module has the words of a reading at all: most have not, and need not be parsed."""
    owners, moments = "|".join(READS_TIME), "|".join(set().union(*READS_TIME.values()))
    words = rf"\b({owners})\s*\.\s*({moments})\b|\b(time|timezone)\s+import\b"
    return re.search(words, path.read_text(encoding="utf-8")) is not None


def test_time_when_read_outside_the_clock_then_it_is_refused() -> None:
    others = [path for name, path in modules().items() if name != "partnership.clock" and name in set(own_modules())]
    assert broken(others, lambda path: time_readings(tree_of(path))) == {}


def test_clock_when_looked_at_then_it_is_what_reads_the_time() -> None:
    assert time_readings(tree_of(modules()["partnership.clock"])) != []


def test_time_when_a_test_reads_it_then_it_is_refused() -> None:
    tests = [p for p in sorted((ROOT / "tests").rglob("*.py")) if "bench" not in p.parts]
    others = [path for path in tests if path.name not in TESTS_THAT_MAY_READ_TIME and may_read_time(path)]
    assert broken(others, lambda path: time_readings(tree_of(path))) == {}


def test_time_when_a_template_reads_it_then_it_is_refused() -> None:
    wrong = [p.name for p in (ROOT / "templates").rglob("*.html") if re.search(r"\{%\s*now\b", p.read_text())]
    assert wrong == []


def test_control_chart_when_read_then_the_column_the_charts_the_packs_and_the_alerts_read_it_alike() -> None:
    texts = {name: path.read_text() for name, path in modules().items()}
    # The page of an indicator holds the whole history against each target of its day, and has a test of its own.
    readers = {name for name, text in texts.items() if "control_of(" in text}
    assert readers == {"indicators.control", "indicators.variation", "indicators.views.indicator_trends"}
    seen = {name for name, text in texts.items() if re.search(r"indicators\.variation import .*\bseen\b", text)}
    assert seen == {
        "indicators.selectors.scorecards", "indicators.selectors.published", "indicators.protection",
        "partnership.selectors.alert_states",
    }  # fmt: skip


# Writing


def writes_in(tree: ast.Module) -> Iterator[tuple[str, str, int]]:
    """Calls that write a model: the function they are in, the call, the line."""

    def walk(node: ast.AST, where: str) -> Iterator[tuple[str, str, int]]:
        for child in ast.iter_child_nodes(node):
            inside = where
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inside = f"{where}.{child.name}" if where else child.name
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                on, called = ast.unparse(child.func.value), child.func.attr
                is_update = called in {"update", "aupdate"} and re.search(r"objects|filter\(|exclude\(|all\(\)", on)
                is_relation = called in {"set", "add", "remove", "clear"} and re.search(RELATIONS, on)
                if called in WRITES or is_update or is_relation:
                    yield inside, f"{on}.{called}", child.lineno
            yield from walk(child, inside)

    yield from walk(tree, "")


@cache
def writes_of(name: str) -> tuple[tuple[str, str, int], ...]:
    return tuple(writes_in(tree_of(modules()[name])))


def is_operations(name: str) -> bool:
    return part_of(name) in {"operations", "migrations"}


def test_model_when_written_outside_operations_then_it_is_refused() -> None:
    def writes(name: str) -> list[str]:
        return [
            f"{call} in line {line} ({where})"
            for where, call, line in writes_of(name)
            if (name, where) not in MAY_WRITE
        ]

    assert broken([name for name in modules() if not is_operations(name)], writes) == {}


def test_writing_when_operations_are_looked_at_then_the_walk_finds_it() -> None:
    found = [call for name in modules() if is_operations(name) for _, call, _ in writes_of(name)]
    assert "Figure.objects.create" in found
    assert any(call.endswith(".update") for call in found)
    held = {(name, where) for name in modules() for where, _, _ in writes_of(name)}
    assert set(MAY_WRITE) <= held, "an exception that nothing needs any more"


def operation_functions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (name, node)
        for name in modules()
        if part_of(name) == "operations"
        for node in tree_of(modules()[name]).body
        if isinstance(node, ast.FunctionDef)
        and any(getattr(decorator, "id", "") == "operation" for decorator in node.decorator_list)
    ]


def test_operation_when_declared_then_keyword_only_and_explained() -> None:
    by_position = [f"{n}.{f.name}" for n, f in operation_functions() if f.args.args or f.args.posonlyargs]
    unexplained = [f"{n}.{f.name}" for n, f in operation_functions() if not ast.get_docstring(f)]
    assert (by_position, unexplained) == ([], [])


# Numbers


def test_float_when_used_for_a_measurement_then_it_is_refused() -> None:
    def floats(name: str) -> list[int]:
        found = []
        for node in nodes_of(modules()[name]):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float":
                found.append(node.lineno)
            if (
                isinstance(node, ast.Attribute)
                and node.attr == "FloatField"
                and ast.unparse(node) == "models.FloatField"
            ):
                found.append(node.lineno)
        return found

    assert broken([name for name in own_modules() if name not in MAY_USE_FLOATS], floats) == {}


# Size and words


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_module_when_over_800_lines_then_it_is_refused() -> None:
    written = [*(modules()[name] for name in own_modules()), *sorted((ROOT / "tests").rglob("*.py"))]
    assert broken(written, lambda path: [lines_of(path)] if lines_of(path) > 800 else []) == {}


def test_module_when_over_500_lines_then_it_is_named_with_its_reason() -> None:
    assert {name for name in own_modules() if lines_of(modules()[name]) > 500} == set(MAY_BE_LONG)


def test_signals_when_looked_for_then_there_are_none() -> None:
    assert [name for name in modules() if "signals" in name.split(".")] == []
    users = [name for name in own_modules() if any("signals" in m or m == "django.dispatch" for m in imports_of(name))]
    assert users == []


SKIPPED = {
    ".git",
    ".venv",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    "__pycache__",
    "vendor",
    "var",
}
SKIPPED |= {"staticfiles", "test-results", "node_modules"}
TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".svg", ".yml", ".yaml", ".cfg", ".sh", ".csv", ""}


def text_files() -> list[Path]:
    """Every text file of the repository that is written here."""
    found = []
    for path in ROOT.rglob("*"):
        if path.is_file() and path.suffix in TEXT and not SKIPPED & set(path.relative_to(ROOT).parts):
            found.append(path)
    return sorted(found)


def lines_with(pattern: str) -> list[str]:
    """Where a pattern is found in the repository's files, this one excepted."""
    expression = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in text_files()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if expression.search(line)
    ]


def test_words_of_unfinished_work_when_looked_for_then_there_are_none() -> None:
    assert lines_with(r"\b(TODO|FIXME|XXX|HACK)\b") == []


def test_development_machines_when_looked_for_then_nothing_is_said_of_them() -> None:
    assert lines_with(r"(?<![\w.])/(work|root|home|farm|Users)/\w") == []
    assert (
        lines_with(r"pypi\.org|pythonhosted|registry\.npmjs|npmjs\.(org|com)|(?<!emit-)index-url|artifactory|devpi")
        == []
    )


# Pages


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def test_template_when_it_has_inline_script_or_style_then_it_is_refused() -> None:
    def inline(path: Path) -> list[str]:
        text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)
        found = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text)
        found += re.findall(r"<style\b|\sstyle\s*=|javascript:", text)
        return found + re.findall(r"<[^>{]*\son[a-z]+\s*=", text)

    assert broken(templates(), inline) == {}


def test_markup_in_code_when_it_has_inline_script_or_style_then_it_is_refused() -> None:
    pattern = re.compile(r"<script(?![^>]*\bsrc=)|<style(?![\w:])|\sstyle=|<[^>]*\son[a-z]+=")

    def inline(name: str) -> list[str]:
        nodes = nodes_of(modules()[name])
        constants = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        return [text for text in constants if pattern.search(text)]

    assert broken(own_modules(), inline) == {}
