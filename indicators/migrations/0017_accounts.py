"""Accounts: invitations, single sign-on, what ends all sessions, and a code for each person in addresses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers
from indicators.models.people import new_code


def give_codes(apps, schema_editor):
    users = apps.get_model("indicators", "User")
    for pk in users.objects.filter(code__isnull=True).values_list("pk", flat=True):
        users.objects.filter(pk=pk).update(code=new_code())


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0016_disclosure_policy"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="code",
            field=models.CharField(editable=False, max_length=8, null=True),
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="user",
            name="code",
            field=models.CharField(default=new_code, editable=False, max_length=8, unique=True),
        ),
        migrations.AddField(
            model_name="user",
            name="deactivated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="pseudonymised_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0, help_text="How often all sessions were ended at once."),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("signed_out", "Signed out"),
                    ("locked_out", "Locked out"),
                    ("unlocked", "Unlocked"),
                    ("factor_added", "Second factor set up"),
                    ("factor_removed", "Second factor removed"),
                    ("codes_made", "Recovery codes made"),
                    ("code_used", "Recovery code used"),
                    ("password_changed", "Password changed"),
                    ("reset_asked", "Password reset asked for"),
                    ("invited", "Invited"),
                    ("invitation_cancelled", "Invitation cancelled"),
                    ("deactivated", "Account deactivated"),
                    ("reactivated", "Account reactivated"),
                    ("pseudonymised", "Person pseudonymised"),
                    ("subject_access", "Data about a person given out"),
                    ("sign_on_bound", "Bound to single sign-on"),
                    ("person_added", "Person added"),
                    ("role_granted", "Role granted"),
                    ("role_ended", "Role ended"),
                    ("gate_named", "Lead or deputy named"),
                    ("exported_unpublished", "Unpublished data downloaded"),
                    ("round_locked", "Round locked"),
                    ("round_reopened", "Round reopened"),
                    ("lock_exception", "Exception to a lock given"),
                    ("target_changed", "Target changed"),
                    ("relief_agreed", "Relief agreed"),
                    ("relief_ended", "Relief ended"),
                    ("pack_published", "Pack published"),
                    ("pack_withdrawn", "Pack withdrawn"),
                    ("money_recorded", "Money recorded"),
                    ("money_decided", "Money decided"),
                    ("governance_recorded", "Governance recorded"),
                    ("benchmarks_imported", "Official figures imported"),
                    ("redacted", "Redacted for cause"),
                ],
                max_length=22,
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("by_mail", models.BooleanField(default=False)),
                ("secret_sha256", models.CharField(max_length=64, unique=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("used_at__isnull", True), ("cancelled_at__isnull", True), _connector="OR"),
                        name="invitation_used_or_cancelled",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at__isnull", True), ("used_at__isnull", True)),
                        fields=("user",),
                        name="invitation_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SingleSignOn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.CharField(max_length=300)),
                ("subject", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="single_sign_on",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject"), name="single_sign_on_one_person")
                ],
            },
        ),
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
