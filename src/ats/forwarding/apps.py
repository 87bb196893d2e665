from django.apps import AppConfig


class ForwardingConfig(AppConfig):
    name = "ats.forwarding"
    label = "forwarding"
    default_auto_field = "django.db.models.BigAutoField"
