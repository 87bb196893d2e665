from django.apps import AppConfig


class RadiusConfig(AppConfig):
    name = "ats.radius"
    label = "radius"
    default_auto_field = "django.db.models.BigAutoField"
