"""Whether an inspection gave a grade is told by its judgements alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnership", "0010_search_entries_of_a_partnership")]

    operations = [migrations.RemoveField(model_name="inspection", name="is_graded")]
