from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    name = "ats.recordings"
    label = "recordings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ats.calls import chores
        from ats.recordings import attaching, keeping

        chores.register("recordings", 3.0, attaching.attach)
        chores.register("recordings' keeping", 600.0, keeping.expire)
