from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class TextSearchConfig(AppConfig):
    name = "ats.textsearch"
    label = "textsearch"

    def ready(self) -> None:
        from ats.textsearch import condition, upkeep

        condition.teach()
        # Once in a migration, in the name of an app that has models: for one without them Django sends nothing.
        whose = apps.get_app_config("clients")
        post_migrate.connect(upkeep.after_migrations, sender=whose, dispatch_uid="ats.textsearch")
