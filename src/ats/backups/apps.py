from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "ats.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ats.backups import making
        from ats.calls import errands

        errands.register("backups", making.POLL_S, making.make_due)
