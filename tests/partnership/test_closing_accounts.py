"""An account that is closed, opened again, given out and in the end without a name."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.plugins.otp_totp.models import TOTPDevice

from indicators import triggers
from indicators.models import AuditEvent, Figure, Invitation, PublishedRow, ReportingRound, ReturnTransition, User
from indicators.operations import grant_lock_exception, lock_round, people
from indicators.operations.access import record_sign_in
from indicators.operations.audit import record_audit
from indicators.roles import Role
from partnership import clock
from partnership.models import PackEvent, RegionStep
from partnership.operations.closing_accounts import _named_in, pseudonymise
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.partnership.account_world import Machine, said, set_up, sign_in
from tests.partnership.pack_world import a_published_pack

pytestmark = pytest.mark.django_db
Kind = AuditEvent.Kind
NAME = "Alex Example-Person"


@pytest.fixture
def machine(monkeypatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def head(partnership):
    return b.a_user(Role.ADMINISTRATOR, email="head@example.org", display_name="Head of systems")


@pytest.fixture
def admin(head, signed_in):
    return signed_in(head)


@pytest.fixture
def analyst(partnership):
    return b.a_user(Role.ANALYST, email="alex@example.org", display_name=NAME)


def page_of(user):
    return f"/northshire/people/{user.code}/"


def do(admin, user, what):
    return said(admin.post(page_of(user), {"do": what}, follow=True))


def of_kind(kind):
    return list(AuditEvent.objects.filter(kind=kind).order_by("pk").values_list("actor", "what"))


# Closed and opened


def test_account_when_deactivated_then_every_session_ends_at_once_and_what_was_open_is_void(admin, analyst, machine):
    clients = [Client(), Client()]
    for client in clients:
        sign_in(client, analyst)
    set_up(clients[0], machine)
    newcomer = b.a_user(Role.BOARD_MEMBER, display_name="Newcomer")
    newcomer.set_unusable_password()
    newcomer.save()
    do(admin, newcomer, "link")
    assert "is deactivated, and signed out everywhere" in do(admin, analyst, "deactivate")
    do(admin, newcomer, "deactivate")
    assert [client.get("/northshire/").status_code for client in clients] == [302, 302]
    assert sign_in(Client(), analyst).status_code == 200
    assert not TOTPDevice.objects.exists()
    assert not Invitation.objects.filter(cancelled_at=None).exists()
    assert of_kind(Kind.DEACTIVATED) == [("Head of systems", NAME), ("Head of systems", "Newcomer")]
    assert "deactivated already" in do(admin, analyst, "deactivate")
    assert "Reactivate it first" in do(admin, newcomer, "link")


def test_account_when_opened_again_then_its_sessions_of_before_stay_ended(admin, analyst, machine):
    client = Client()
    sign_in(client, analyst)
    do(admin, analyst, "deactivate")
    assert "is open again" in do(admin, analyst, "reactivate")
    assert client.get("/northshire/").status_code == 302
    assert sign_in(Client(), analyst).status_code == 302
    assert of_kind(Kind.REACTIVATED) == [("Head of systems", NAME)]
    assert "is open." in do(admin, analyst, "reactivate")


def test_account_when_own_last_or_of_two_partnerships_then_not_deactivated(admin, head, analyst, signed_in):
    assert "Ask another administrator" in do(admin, head, "deactivate")
    second = b.a_user(Role.ADMINISTRATOR, display_name="Second")
    people.end_membership(membership=head.memberships.get(), until_on=b.TODAY, by=second, at=b.NOW)
    assert "is deactivated" in do(admin, second, "deactivate"), "the first is one to the end of the day"
    south = b.a_partnership("southshire", "E06000098")
    b.a_membership(analyst, Role.BOARD_MEMBER, partnership=south)
    assert "has a role in another partnership too" in do(admin, analyst, "deactivate")
    refused = admin.post(f"{page_of(analyst)}subject-access.zip", follow=True)
    assert "has a role in another partnership too" in said(refused)
    analyst.refresh_from_db()
    assert analyst.is_active


def test_page_of_a_person_when_there_are_more_people_then_it_asks_no_more_queries(admin, analyst):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert admin.get(page_of(analyst)).status_code == 200
        return len(found)

    queries()
    few = queries()
    for _ in range(5):
        b.a_user(Role.BOARD_MEMBER)
    assert queries() == few <= 12


# The name


@pytest.fixture
def past(analyst, head, admin, monkeypatch):
    """The work of somebody who has gone: figures, a pack that rests on them, roles, a download; and the moment."""
    scorecard = b.a_scorecard(2)
    b.a_return(scorecard, state="approved")
    for model, column in ((Figure, "recorded_by"), (ReturnTransition, "by")):
        with b.unprotected():
            model.objects.update(actor=NAME, **{column: analyst})
    reporting_round = ReportingRound.objects.get()
    lock_round(reporting_round=reporting_round, reason="Closed", by=head, at=b.NOW)
    grant_lock_exception(
        reporting_round=reporting_round, user=analyst, until_on=b.date(2022, 7, 20), reason="Late", by=head, at=b.NOW
    )
    a_published_pack(scorecard)
    with b.unprotected():
        PackEvent.objects.update(actor=NAME, by=analyst)
    b.a_membership(analyst, Role.APPROVER)
    record_sign_in(by=analyst, at=b.NOW)
    held = analyst.memberships.get(role=Role.APPROVER)
    people.end_membership(membership=held, until_on=b.TODAY, by=head, at=b.NOW)
    do(admin, analyst, "deactivate")
    analyst.refresh_from_db()
    return analyst


def published():
    return list(PublishedRow.objects.order_by("pk").values())


def run(*args, capsys):
    call_command("pseudonymise_person", *args)
    return capsys.readouterr().out


def whole_database() -> str:
    """Every text of every row."""
    found = []
    for model in apps.get_models():
        columns = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
        columns += [f.attname for f in model._meta.concrete_fields if isinstance(f, models.JSONField)]
        if columns:
            found += [f"{model.__name__} {row}" for row in model._base_manager.values_list(*columns)]
    return "\n".join(found)


def test_person_when_pseudonymised_then_role_and_organisation_everywhere_and_packs_are_sound(past, capsys, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: b.NOW + timedelta(days=731))
    before, numbers = published(), list(Figure.objects.order_by("pk").values_list("numerator", "denominator"))
    told = run("alex@example.org", capsys=capsys)
    assert "Would be shown as “Former approver, Northshire Council”." in told
    assert "indicators_figure: 2" in told
    assert NAME in whole_database(), "nothing is changed without --apply"
    told = run("ALEX@example.org", "--apply", capsys=capsys)
    assert "Shown as “Former approver, Northshire Council”." in told
    left = whole_database()
    assert NAME not in left
    assert "alex@example.org" not in left
    assert {f.actor for f in Figure.objects.all()} == {"Former approver, Northshire Council"}
    assert str(User.objects.get(pk=past.pk)) == "Former approver, Northshire Council"
    assert ("Head of systems", "Former approver, Northshire Council") in of_kind(Kind.DEACTIVATED)
    assert of_kind(Kind.PSEUDONYMISED) == [("", "Former approver, Northshire Council: The time of keeping is over")]
    assert (published(), list(Figure.objects.order_by("pk").values_list("numerator", "denominator"))) == (
        before,
        numbers,
    )
    assert {found.finding for found in verified_packs()} == {Finding.SOUND}
    assert set(triggers.trigger_names(connection.vendor)) <= triggers.installed(connection)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(actor="x")
    with pytest.raises(CommandError, match="Nobody has that address"):
        call_command("pseudonymise_person", "alex@example.org")


def test_pseudonymising_when_too_early_or_open_or_without_a_reason_then_refused(past, admin, head, capsys):
    assert "then whoever runs the service takes it out" in said(admin.get(page_of(past)))
    with pytest.raises(CommandError, match=r"over on 6 July 2024\. Use --now"):
        call_command("pseudonymise_person", "alex@example.org", "--apply")
    with pytest.raises(CommandError, match="Give the --reason"):
        call_command("pseudonymise_person", "alex@example.org", "--now", "--apply")
    with pytest.raises(CommandError, match="The account is open"):
        call_command("pseudonymise_person", "head@example.org", "--now", "--reason", "x")
    User.objects.filter(pk=past.pk).update(deactivated_at=None)
    with pytest.raises(CommandError, match="not known since when"):
        call_command("pseudonymise_person", "alex@example.org")
    assert NAME in whole_database()
    assert "Shown as" in run("alex@example.org", "--now", "--reason", "Request 12", "--apply", capsys=capsys)
    assert of_kind(Kind.PSEUDONYMISED)[0][1].endswith(": Request 12")
    assert "pseudonymised" in do(admin, past, "reactivate")
    assert "The name was taken out on 7 July 2022" in said(admin.get(page_of(past)))


def test_pseudonymising_when_it_fails_then_nothing_is_changed_and_the_triggers_are_back(past, monkeypatch):
    monkeypatch.setattr(type(connections["default"]), "check_constraints", lambda self, *args: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        pseudonymise(user=past, reason="x", at=b.NOW)
    monkeypatch.undo()
    assert NAME in whole_database()
    assert set(triggers.trigger_names(connection.vendor)) <= triggers.installed(connection)


def test_name_when_another_person_has_the_same_then_theirs_stays_on_record(past, partnership):
    twin = b.a_user(Role.BOARD_MEMBER, email="twin@example.org", display_name=NAME)
    record_sign_in(by=twin, at=b.NOW)
    record_audit(partnership=partnership, kind=Kind.UNLOCKED, by=None, what=NAME, at=b.NOW)
    pseudonymise(user=past, reason="x", at=b.NOW)
    assert AuditEvent.objects.filter(by=twin).get().actor == NAME
    assert not AuditEvent.objects.filter(by=past, actor=NAME).exists()
    assert of_kind(Kind.UNLOCKED) == [("", NAME)]


# What is held about a person


def opened(made: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_subject_access_when_given_out_then_everything_of_the_person_and_no_secret_and_on_record(past, admin, tmp_path):
    answer = admin.post(f"{page_of(past)}subject-access.zip")
    assert answer["Content-Disposition"] == f'attachment; filename="subject-access-{past.code}.zip"'
    files = opened(answer.content)
    assert "What is held about alex@example.org" in files["README.txt"]
    account = next(csv.DictReader(io.StringIO(files["indicators_user-id.csv"])))
    assert (account["email"], account["display_name"]) == ("alex@example.org", NAME)
    assert "password" not in account
    everything = json.loads(files["everything.json"])
    assert len(everything["indicators_figure-recorded_by"]) == Figure.objects.filter(recorded_by=past).count() > 0
    assert {row["kind"] for row in everything["indicators_auditevent-by"]} >= {"signed_in"}
    assert {row["kind"] for row in everything["indicators_auditevent-what"]} >= {"role_ended", "deactivated"}
    assert {name.removesuffix(".csv") for name in files} - {"README.txt", "everything.json"} == set(everything)
    assert past.password not in str(files)
    assert everything["indicators_lockexception-user"]
    assert "Head of systems" not in str(files), "names of others stand in columns of their own"
    assert of_kind(Kind.SUBJECT_ACCESS) == [("Head of systems", NAME)]
    out = tmp_path / "held.zip"
    call_command("subject_access", "Alex@example.org", "--out", str(out))
    assert set(opened(out.read_bytes())) >= {"README.txt", "indicators_user-id.csv"}
    assert of_kind(Kind.SUBJECT_ACCESS)[1:] == [("", NAME)]
    for refused in (["alex@example.org", "--out", str(out)], ["nobody@example.org", "--out", str(tmp_path / "x.zip")]):
        with pytest.raises(CommandError):
            call_command("subject_access", *refused)


def test_subject_access_of_an_administrator_when_given_out_then_whose_access_they_changed_is_not_told(
    past, admin, head
):
    answer = admin.post(f"{page_of(head)}subject-access.zip")
    rows = json.loads(opened(answer.content)["everything.json"])["indicators_auditevent-by"]
    assert {row["kind"] for row in rows} >= {"role_ended", "deactivated"}
    assert not [row["what"] for row in rows if NAME in row["what"] or past.email in row["what"]]
    assert any("another person" in row["what"] for row in rows)


def test_subject_access_when_sign_ins_failed_then_they_are_in_it_as_long_as_they_are_counted(past, admin):
    Client().post("/sign-in/", {"email": past.email.upper(), "password": "wrong"}, REMOTE_ADDR="192.0.2.7")
    answer = admin.post(f"{page_of(past)}subject-access.zip")
    (failed,) = json.loads(opened(answer.content)["everything.json"])["axes_accessattempt-username"]
    assert (failed["ip_address"], failed["failures_since_start"]) == ("192.0.2.7", 1)
    Client().post("/sign-in/", {"email": "nobody@example.org", "password": "wrong"}, REMOTE_ADDR="192.0.2.8")
    assert b"192.0.2.8" not in admin.post(f"{page_of(past)}subject-access.zip").content


def test_tables_when_they_name_a_person_then_subject_access_and_pseudonymising_reach_them_all(past):
    lacking = [
        model.__name__
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith("actor")
        and model is not RegionStep  # named by who works on the server
        and (model, field.name) not in {(m, n) for m, n, _ in _named_in()}
    ]
    assert lacking == []
