"""What tells that something was written which pages show."""

from django.db import migrations, models

from indicators.models.changes import new_token


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0017_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(default=new_token, editable=False, max_length=16)),
            ],
            options={"ordering": ["pk"]},
        ),
    ]
