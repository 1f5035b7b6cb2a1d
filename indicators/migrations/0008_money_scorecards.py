"""Scorecards of money and placements, which finance officers enter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0007_adults_are_counted_too"),
    ]

    operations = [
        migrations.AlterField(
            model_name="scorecard",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("performance", "Performance against targets"),
                    ("activity", "Demand and activity"),
                    ("money", "Money and placements"),
                ],
                default="performance",
                max_length=11,
            ),
        ),
    ]
