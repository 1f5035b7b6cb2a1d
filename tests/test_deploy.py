"""The worked installation is true: its variables are described, its commands exist and take what they are given."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import reverse
from gunicorn.config import Config

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "docs" / "deploy"
# Four threads that each keep what they once needed took 4 MB more of every process.
ONE_STORE = "MALLOC_ARENA_MAX=1"
GUIDE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
COMMAND = re.compile(r"manage\.py ([a-z_]+)((?: (?:--[a-z-]+|[a-z0-9]+))*)")


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def parsed(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",))
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(path.read_text(encoding="utf-8"))
    return unit


def described() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))


def assert_taken(command: str, arguments: list[str]) -> None:
    """The command exists and takes these arguments."""
    assert command in get_commands(), command
    parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    parser.parse_args(arguments)


def test_environment_when_read_then_every_variable_is_described_and_every_required_one_is_there() -> None:
    named = re.findall(r"^([A-Z_]+)=", text("environment.example"), re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) <= described()
    required = re.findall(r"_required\(\s*\"([A-Z_]+)\"", (ROOT / "partnership" / "settings.py").read_text())
    assert set(required) <= set(named)
    guided = set(re.findall(r"`([A-Z][A-Z_]{4,})(?:=\d)?`", GUIDE))
    assert guided <= described()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_unit_when_parsed_then_it_starts_something_that_is_there(path: Path) -> None:
    unit = parsed(path)
    assert unit["Unit"]["Description"]
    assert path.name.split(".")[0] in GUIDE
    if path.suffix == ".timer":
        assert re.fullmatch(r"(Sun )?\*-\*-\* \d\d:\d\d:00 Europe/London", unit["Timer"]["OnCalendar"])
        assert path.with_suffix(".service").exists()
        assert f"{path.name}" in GUIDE
        return
    service = unit["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    if path.name == "partnership-failed@.service":
        return
    assert service["User"] == "partnership"
    assert service["EnvironmentFile"] == "/etc/partnership/environment"
    assert service["NoNewPrivileges"] == "true"
    if program.endswith("/gunicorn"):
        assert_gunicorn(arguments)
        assert service["Environment"] == ONE_STORE
    else:
        assert arguments[0] == "manage.py"
        assert_taken(arguments[1], arguments[2:])
        assert path.with_suffix(".timer").exists()
        assert unit["Unit"]["OnFailure"] == "partnership-failed@%n.service"
        if arguments[1] == "backup":
            folder = re.search(r"^BACKUP_DIR=(.+)$", text("environment.example"), re.MULTILINE)
            assert folder is not None
            assert service["ReadWritePaths"] == folder[1]


def assert_gunicorn(arguments: list[str]) -> None:
    taken = Config().parser().parse_args(arguments)
    assert taken.args == ["partnership.wsgi"]
    assert taken.control_socket_disable is True
    assert (taken.worker_class, taken.threads) == ("gthread", 4)


def test_proxy_when_read_then_its_limits_and_headers_are_the_service_s() -> None:
    site = text("partnership.nginx.conf")
    assert site.count("{") == site.count("}")
    for line in site.splitlines():
        assert not line.strip() or line.strip()[-1] in "{};" or line.strip().startswith("#"), line
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", site)
    largest = max(settings.UPLOAD_MAX_BYTES_OF.values()) + 64 * 1024
    assert largest < int(limit) * 1024 * 1024
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in site
    assert "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;" in site
    assert re.search(r"^PROXIES=1$", text("environment.example"), re.MULTILINE)
    # Without “=” the answer would keep nginx’s own status in place of that of the page.
    assert set(re.findall(r"error_page (.+);", site)) == {"500 502 504 = @away", "413 = @large"}
    assert "proxy_intercept_errors" not in site, "the service's own pages would be replaced"
    (told,) = re.findall(r"takes more than (\d+) MB", site)
    assert int(told) * 1024 * 1024 == max(settings.UPLOAD_MAX_BYTES_OF.values())
    assert "not confirmed as saved" in site
    assert re.search(r"location = /metrics/ \{[^}]*return 404;", site)
    bind = re.search(r"--bind (\S+)", text("partnership.service"))
    assert bind is not None
    assert f"server {bind[1]};" in site
    (memory_only,) = re.findall(r"location ~ (\S+) \{\s+proxy_request_buffering off;", site)
    for name in ("annex_a_new", "placements_file_new"):
        assert re.match(memory_only, reverse(name, args=["northshire"]))
    assert not re.match(memory_only, reverse("data"))


def test_container_when_read_then_what_it_copies_is_there_and_all_that_is_needed() -> None:
    container = text("Containerfile")
    copied = [word for line in re.findall(r"^COPY (.+)$", container, re.MULTILINE) for word in line.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    needed = {"manage.py", "pyproject.toml", "requirements.txt", "templates", "static", "fixtures", "docs"}
    assert needed | {path.parent.name for path in ROOT.glob("*/apps.py")} <= set(copied)
    command = re.search(r"^CMD \[(.+)\]$", container, re.MULTILINE)
    assert command is not None
    program, *arguments = re.findall(r'"([^"]+)"', command[1])
    assert program == "gunicorn"
    assert_gunicorn(arguments)
    assert ONE_STORE in container
    assert re.search(r"^USER partnership$", container, re.MULTILINE)


def test_guide_when_it_names_a_command_or_a_file_then_it_is_there() -> None:
    named = COMMAND.findall(GUIDE) + [
        (c, r) for c, r in re.findall(r"(?:^|`)run ([a-z_]+)((?: --[a-z]+)*)", GUIDE, re.M)
    ]
    assert {command for command, _ in named} >= {"backup", "restore", "doctor", "migrate", "verify_packs"}
    for command, rest in named:
        given = [
            *rest.split(),
            *({"restore": ["FILE"], "export_everything": ["F"], "import_everything": ["F"]}.get(command, [])),
        ]
        if command in {"add_partnership", "changepassword", "check"}:
            assert command in get_commands()
        else:
            assert_taken(command, given)
    for path in DEPLOY.iterdir():
        assert path.name in GUIDE or path.with_suffix("").name in GUIDE, path.name


def test_timers_when_read_then_digests_come_after_reminders_and_every_daily_command_has_one() -> None:
    hours = {p.stem: parsed(p)["Timer"]["OnCalendar"].split()[-2] for p in DEPLOY.glob("*.timer")}
    assert hours["partnership-alerts"] < hours["partnership-reminders"] < hours["partnership-digests"]
    ran = {
        shlex.split(parsed(p)["Service"]["ExecStart"])[2]
        for p in DEPLOY.glob("partnership-*.service")
        if "@" not in p.name
    }
    assert ran == {
        "backup", "make_forecasts", "raise_alerts", "send_reminders", "send_digests", "clearsessions", "doctor",
    }  # fmt: skip


def test_monitoring_when_it_asks_on_the_machine_then_it_is_not_sent_to_https(client: object) -> None:
    source = (ROOT / "partnership" / "settings.py").read_text()
    patterns = re.findall(r"SECURE_REDIRECT_EXEMPT = \[(.+)\]", source)
    exempt = re.findall(r'r"([^"]+)"', patterns[0])
    for name in ("health", "ready", "metrics"):
        assert any(re.search(pattern, reverse(name).lstrip("/")) for pattern in exempt)
    assert not any(re.search(pattern, "sign-in/") for pattern in exempt)
