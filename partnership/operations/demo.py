"""Writes for the installation as a whole: loading the published reports, and setting up the demonstration."""

import csv
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.apps import apps
from django.db import connection

from finance.imports import LAYOUTS as MONEY_LAYOUTS
from finance.operations.loading import ORDER as MONEY_ORDER
from finance.operations.loading import load_money
from indicators import imports
from indicators.checks_engine.reports import judge_report
from indicators.measurement import Basis, Correction
from indicators.models import (
    Audience,
    CurrentFigure,
    FigureQuery,
    GateHolder,
    Membership,
    Partner,
    Partnership,
    Period,
    ReportingRound,
    Return,
    Scorecard,
    Series,
    User,
)
from indicators.operations import (
    CellChange,
    OperationError,
    accept_return,
    keep_cells,
    open_restatement,
    open_round,
    sign_off,
    submit_return,
)
from indicators.operations.basics import operation
from indicators.operations.drafts import cell_version
from indicators.operations.figures import cell_of
from indicators.operations.forecasts import ForecastsNotMade, make_forecasts
from indicators.operations.loading import ORDER, add_partnership, load_tables
from indicators.operations.people import add_user, grant_membership, name_gate_holder
from indicators.operations.report_checks import keep_report_checks
from indicators.operations.rows import Loaded, period_row
from indicators.quarters import Quarter
from indicators.report_statements import read_files
from indicators.roles import Role
from partnership.models import Installation, Pack
from partnership.operations.alerts import raise_alerts
from partnership.operations.demo_governance import show_governance
from partnership.operations.demo_money import show_money
from partnership.operations.demo_public import AS_PRINTED, publish_for_everybody
from partnership.operations.governance_loading import ORDER as GOVERNANCE_ORDER
from partnership.operations.governance_loading import layouts as governance_layouts
from partnership.operations.governance_loading import load_governance
from partnership.operations.packs import PackDraft, create_pack, give_reasons, publish_pack
from partnership.operations.search import refresh_search
from partnership.selectors.packs import points_of
from referrals.operations.programmes import load_programmes

_LOADED = ("indicators", "referrals", "finance", "partnership")


class DemoRefused(OperationError):
    """The database is not one that the demonstration may use."""


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration: what the role is called there, who works where, and the scope."""

    email: str
    display_name: str
    role: Role
    partner: str = ""
    gate: str = ""
    is_deputy: bool = False


@dataclass(frozen=True)
class DemoRestated:
    """A printed figure that its own numerator and denominator contradict, restated from them."""

    scorecard: str
    indicator: str
    numerator: Decimal
    denominator: Decimal
    query: str
    headline: str
    reason: str


RETURNING = ("trust", "council", "police")
DEMO_PACK = "osmc-2022-07-07"
DEMO_PACK_SCORECARDS = ("contract", "partnership")
TO_TRY = "To try entry: the paper gives some figures without their numerator and denominator."
DEMO_RESTATED = (
    DemoRestated(
        "contract",
        "assessments-45-days",
        Decimal(1266),
        Decimal(1514),
        "assessments-85-or-83-6",
        "1,266 of 1,514, not 85%",
        "Report 003 §24 prints 85%, but its own 1,266 of 1,514 is 83.6%.",
    ),
    DemoRestated(
        "partnership",
        "cin-6-to-12-months",
        Decimal(292),
        Decimal(1031),
        "cin-6-12-22-3-or-28-3",
        "292 of 1,031, not 22.3%",
        "Report 003 prints 22.3%, the share of the row above; its own 292 of 1,031 is 28.3%.",
    ),
)
DEMO_AUTHORITY = "Set up for the demonstration"
DEMO_ACCOUNTS = (
    DemoAccount("board@demo.example", "Board member", Role.BOARD_MEMBER),
    DemoAccount("analyst@demo.example", "Performance analyst of the trust", Role.ANALYST, "trust"),
    DemoAccount("lead@demo.example", "Performance lead of the trust", Role.APPROVER, "trust", "sign_off"),
    DemoAccount("council-analyst@demo.example", "Performance analyst of the council", Role.ANALYST, "council"),
    DemoAccount("council-lead@demo.example", "Performance lead of the council", Role.APPROVER, "council", "sign_off"),
    DemoAccount("approver@demo.example", "Approver of the council", Role.APPROVER, "", "acceptance"),
    DemoAccount("scrutiny@demo.example", "Scrutiny officer", Role.SCRUTINY_OFFICER),
    DemoAccount("finance@demo.example", "Finance officer of the trust", Role.FINANCE_OFFICER, "trust"),
    DemoAccount("administrator@demo.example", "Administrator", Role.ADMINISTRATOR),
    DemoAccount("deputy-lead@demo.example", "Deputy lead of the trust", Role.APPROVER, "trust", "sign_off", True),
    DemoAccount(
        "deputy-approver@demo.example", "Deputy approver of the council", Role.APPROVER, "", "acceptance", True
    ),
)


@operation
def load_reports(*, folder: Path, at: datetime) -> Loaded:
    """Loads the real figures of the source reports, and their bodies, meetings and plans, through the application's own
    import; twice changes nothing.

    Raises imports.FileRefused with every finding.
    """
    tables = read_folder(folder)
    partnership = add_partnership(
        slug="doncaster",
        name="Doncaster children’s partnership",
        authority_name="Doncaster Council",
        gss_code="E08000017",
    )
    programmes = tables.pop("programmes", [])
    money = {name: tables.pop(name) for name in MONEY_ORDER if name in tables}
    governance = {name: tables.pop(name) for name in GOVERNANCE_ORDER if name in tables}
    loaded = load_tables(partnership=partnership, tables=tables, at=at)
    of_money = load_money(partnership=partnership, tables=money, at=at)
    new, held = load_programmes(partnership=partnership, rows=programmes)
    loaded.new["programmes"], loaded.unchanged["programmes"] = new, held
    of_governance = load_governance(partnership=partnership, tables=governance, at=at)
    for other in (of_money, of_governance):
        loaded.new |= other.new
        loaded.unchanged |= other.unchanged
        loaded.left |= other.left
    read = read_files(_transcribed(folder.parent / "reports"))
    if read.problems:
        raise imports.FileRefused([imports.Finding(file=p.file, row=p.row, column=p.column, message=p.message)
                                   for p in read.problems])  # fmt: skip
    verdicts = judge_report(read.statements)
    new, held = keep_report_checks(partnership=partnership, statements=read.statements, verdicts=verdicts)
    loaded.new["report checks"], loaded.unchanged["report checks"] = new, held
    _count_rows()
    return loaded


def _count_rows() -> None:
    """Lets PostgreSQL count what was just loaded; until it has, it plans as if the tables were as empty as before."""
    if connection.vendor == "postgresql":
        tables = [m._meta.db_table for label in _LOADED for m in apps.get_app_config(label).get_models()]
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


def read_folder(folder: Path) -> dict[str, list[imports.Row]]:
    """The rows of every file of a folder that the loader knows, then of the same files of its subfolders in order.

    Raises imports.FileRefused with every finding; a finding and a row name their file as "demand/figures.csv".
    """
    tables: dict[str, list[imports.Row]] = {}
    findings = []
    others = MONEY_LAYOUTS | governance_layouts()
    for place in (folder, *sorted(p for p in folder.iterdir() if p.is_dir())):
        for name in (*ORDER, "programmes", *others):
            path = place / f"{name}.csv"
            if not path.exists():
                continue
            file = str(path.relative_to(folder))
            try:
                rows = imports.read_csv(path.read_bytes(), others.get(name, name), file=file)
            except imports.FileRefused as refused:
                findings += refused.findings
                continue
            tables.setdefault(name, []).extend(row | {"file": file} for row in rows)
    if findings:
        raise imports.FileRefused(findings)
    return tables


def _transcribed(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each transcribed paper by file name."""
    found = {}
    for path in sorted(folder.glob("statements_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.name] = list(csv.DictReader(file))
    return found


def refuse_unless_demo() -> None:
    """Raises DemoRefused when the database holds something that the demonstration did not make."""
    if not Installation.objects.filter(kind=Installation.Kind.DEMO).exists() and Partnership.objects.exists():
        raise DemoRefused(
            "This database holds a real service's figures, so the demonstration leaves it alone. "
            "Give DATABASE_URL of an empty database."
        )


def mark_as_demo(*, at: datetime) -> None:
    """Marks the database as a demonstration; production settings refuse it from then on."""
    Installation.objects.get_or_create(kind=Installation.Kind.DEMO, defaults={"marked_at": at})


def set_up_demo(*, at: datetime, today: date, password: str = "") -> list[tuple[DemoAccount, str]]:
    """The demonstration's accounts, with fresh passwords each time, and the returns that wait to be tried.

    Returns each account with its password.
    """
    partnership = Partnership.objects.get(slug="doncaster")
    partners = {p.code: p for p in partnership.partners.all()}
    accounts = []
    for account in DEMO_ACCOUNTS:
        secret = password or secrets.token_urlsafe(9)
        user = User.objects.filter(email=account.email).first()
        if user is None:
            user = add_user(email=account.email, display_name=account.display_name, password=secret, by=None)
            _give_access(account, user, partnership, partners, at=at, today=today)
        else:
            user.set_password(secret)
            user.save(update_fields=["password"])
        accounts.append((account, secret))
    # As the paper printed it, and again once some of it is restated: the alerts tell both.
    raise_alerts(partnership=partnership, at=at)
    _publish_and_restate(partnership, at)
    _open_returns(partnership, at)
    show_money(partnership=partnership, at=at)
    show_governance(partnership=partnership, at=at, today=today)
    _forecast(partnership, at)
    refresh_search(partnership=partnership)
    raise_alerts(partnership=partnership, at=at)
    return accounts


def _forecast(partnership: Partnership, at: datetime) -> None:
    """Without an answer of the child the demonstration goes on; `make_forecasts` makes them later."""
    with suppress(ForecastsNotMade):
        make_forecasts(partnership=partnership, at=at)


def _give_access(
    account: DemoAccount,
    user: User,
    partnership: Partnership,
    partners: dict[str, Partner],
    *,
    at: datetime,
    today: date,
) -> Membership:
    membership = grant_membership(
        user=user, role=account.role, partnership=partnership, partner=partners.get(account.partner), from_on=today,
        authority=DEMO_AUTHORITY, by=None, at=at,
    )  # fmt: skip
    # Who has no partner accepts for the council, from every partner that returns figures.
    of = [account.partner] if account.partner else sorted(RETURNING)
    for code in of if account.gate else []:
        name_gate_holder(
            partner=partners[code], gate=GateHolder.Gate(account.gate), user=user, is_deputy=account.is_deputy,
            from_on=today, authority=DEMO_AUTHORITY, by=None, at=at,
        )  # fmt: skip
    return membership


def _open_returns(partnership: Partnership, at: datetime) -> None:
    """The next quarter is open on both scorecards, and the printed contract figures can be corrected."""
    administrator = User.objects.get(email="administrator@demo.example")
    analyst = User.objects.get(email="analyst@demo.example")
    period: Period = period_row(Quarter(2022, 1))
    for scorecard in Scorecard.objects.filter(partnership=partnership):
        if not ReportingRound.objects.filter(scorecard=scorecard, period=period).exists():
            open_round(scorecard=scorecard, period=period, due_on=None, by=administrator, at=at)
    printed = _printed("contract")
    if not Return.objects.filter(round=printed.round, reason__body=TO_TRY).exists():
        open_restatement(
            of_return=printed,
            series=Series.objects.filter(lines__scorecard__code="contract", partnership=partnership),
            correction=Correction.OTHER,
            reason=TO_TRY,
            by=analyst,
            at=at,
        )


def _printed(scorecard: str) -> Return:
    """The return that stands for what the paper prints of 2021/22 Q4."""
    return Return.objects.get(round__scorecard__code=scorecard, round__period__slug="2021-22-q4", number=1)


def _publish_and_restate(partnership: Partnership, at: datetime) -> None:
    """The pack of the meeting of 7 July 2022 as the report stated it, then what its own numbers give."""
    if Pack.objects.filter(partnership=partnership, code=DEMO_PACK).exists():
        return
    approver = User.objects.get(email="approver@demo.example")
    period = period_row(Quarter(2021, 4))
    judged = Scorecard.objects.filter(partnership=partnership, code__in=DEMO_PACK_SCORECARDS).order_by("order")
    pack = create_pack(
        partnership=partnership,
        code=DEMO_PACK,
        draft=PackDraft(
            title="Performance challenge of the children’s services trust: quarter 4, 2021/22",
            body="Overview and Scrutiny Management Committee",
            meeting_on=date(2022, 7, 7),
            audience=Audience.BOARD,
            note="The figures as report 003 printed them. The pack is made by this project for the demonstration.",
            choices=[(s, period) for s in judged],
        ),
        by=approver,
        at=at,
    )
    points = points_of(pack, today=date(2022, 7, 7))
    give_reasons(pack=pack, reasons={p.key: AS_PRINTED for p in points}, version=pack.version, by=approver, at=at)
    pack.refresh_from_db()
    publish_pack(pack=pack, version=pack.version, by=approver, at=at)
    for restated in DEMO_RESTATED:
        _restate(restated, at)
    publish_for_everybody(partnership, period, list(DEMO_PACK_SCORECARDS), at)


def _restate(restated: DemoRestated, at: datetime) -> None:
    """Takes a correction through its whole way: entered, submitted, signed off, accepted."""
    analyst, lead, approver = (User.objects.get(email=f"{w}@demo.example") for w in ("analyst", "lead", "approver"))
    series = Series.objects.get(indicator__code=restated.indicator, slice__key="", partnership__slug="doncaster")
    made = open_restatement(
        of_return=_printed(restated.scorecard),
        series=[series],
        correction=Correction.DEMONSTRATION,
        reason=restated.reason,
        answers=FigureQuery.objects.filter(code=restated.query),
        by=analyst,
        at=at,
    )
    pointer = CurrentFigure.objects.select_related("working").get(series=series, period=made.round.period)
    told = cell_of(pointer.working)
    cell = replace(
        told,
        basis=Basis.DERIVED,
        numerator=restated.numerator,
        denominator=restated.denominator,
        value=None,
        headline=restated.headline,
        commentary=restated.reason,
        keep_reason=restated.reason,
    )
    based_on = cell_version(pointer.working.revision, 0)
    keep_cells(in_return=made, changes=[CellChange(series, cell, based_on)], by=analyst, at=at)
    for step, by in ((submit_return, analyst), (sign_off, lead), (accept_return, approver)):
        made.refresh_from_db()
        step(in_return=made, by=by, at=at, version=made.version)
