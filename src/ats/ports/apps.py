from django.apps import AppConfig


class PortsConfig(AppConfig):
    name = "ats.ports"
    label = "ports"
    default_auto_field = "django.db.models.BigAutoField"
