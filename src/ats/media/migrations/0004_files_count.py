from django.db import migrations, models

from ats.addedcolumn import AddColumn


def count(apps, schema_editor):
    """What there is now; each is counted in the index of its key."""
    schema_editor.execute(
        "UPDATE media_package SET files_count ="
        " (SELECT COUNT(*) FROM media_packagefile WHERE media_packagefile.package_id = media_package.id)"
    )


class Migration(migrations.Migration):
    dependencies = [("media", "0003_default_packages")]

    operations = [
        AddColumn(
            model_name="package",
            name="files_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="package",
            index=models.Index(fields=["client", "files_count", "id"], name="package_client_files"),
        ),
    ]
