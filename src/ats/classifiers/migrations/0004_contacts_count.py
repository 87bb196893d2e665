from django.db import migrations, models

from ats.addedcolumn import AddColumn


def count(apps, schema_editor):
    """What there is now; each is counted in the index of its key."""
    schema_editor.execute(
        "UPDATE classifiers_classifier SET contacts_count ="
        " (SELECT COUNT(*) FROM classifiers_contact WHERE classifiers_contact.classifier_id = classifiers_classifier.id)"
    )


class Migration(migrations.Migration):
    dependencies = [("classifiers", "0003_contact_name_index")]

    operations = [
        AddColumn(
            model_name="classifier",
            name="contacts_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="classifier",
            index=models.Index(fields=["client", "contacts_count", "id"], name="classifier_client_contacts"),
        ),
    ]
