from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "ats.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ats.calls import errands
        from ats.campaigns import dialler

        errands.register("campaigns", dialler.EVERY_S, dialler.dial_due)
