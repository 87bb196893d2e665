from django.db import migrations

NAMES = {"ru": "Музыка на удержании", "en": "Music on hold"}


def give(apps, schema_editor):
    """A default package (*) to every client that has none at all; an empty one changes nothing that is heard."""
    client, package = apps.get_model("clients", "Client"), apps.get_model("media", "Package")
    without = client.objects.exclude(pk__in=package._base_manager.values("client"))
    package._base_manager.bulk_create(
        (
            package(client_id=pk, name=NAMES.get(language, NAMES["ru"]), is_default=True)
            for pk, language in without.values_list("pk", "language")
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("media", "0002_packages_versions"), ("clients", "0003_security")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
