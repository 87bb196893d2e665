from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "ats.calls"
    label = "calls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ats.calls import chores, fraudwatch

        chores.register("fraud guard", fraudwatch.EVERY_S, fraudwatch.Watch().look)
