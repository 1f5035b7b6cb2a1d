"""An action of a plan can be taken out with a reason, and an item of assurance names the plan it reports on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("finance", "0004_ssda903"),
        ("indicators", "0012_sums_of_figures"),
        ("partnership", "0006_meeting_has_a_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assuranceitem",
            name="plan",
            field=models.ForeignKey(
                blank=True,
                help_text="The improvement plan that it reports on.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assurance_items",
                to="partnership.improvementplan",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="ended_on",
            field=models.DateField(blank=True, help_text="The day it was taken out of the plan.", null=True),
        ),
        migrations.AddField(
            model_name="planaction",
            name="ended_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True), models.Q(("ended_reason", ""), _negated=True), _connector="OR"
                ),
                name="plan_action_ended_says_why",
            ),
        ),
    ]
