"""Installs the triggers that refuse to change what was recorded."""

from django.db import migrations

from indicators import triggers


def install(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


def uninstall(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]
    operations = [migrations.RunPython(install, uninstall)]
