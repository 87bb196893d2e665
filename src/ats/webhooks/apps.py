from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "ats.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ats.calls import errands
        from ats.webhooks import courier

        errands.register("webhooks", courier.POLL_S, courier.deliver_due)
