"""The size from which a figure of a line asks for commentary."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0009_money_in_the_audit"),
    ]

    operations = [
        migrations.AddField(
            model_name="scorecardline",
            name="commentary_from",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                help_text=(
                    "From this size, above or below 0, a figure asks for commentary. Such a line is never left out."
                ),
                max_digits=15,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecardline",
            constraint=models.CheckConstraint(
                condition=models.Q(commentary_from__isnull=True) | models.Q(commentary_from__gt=0),
                name="scorecard_line_limit_above_0",
            ),
        ),
    ]
