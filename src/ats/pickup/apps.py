from django.apps import AppConfig


class PickupConfig(AppConfig):
    name = "ats.pickup"
    label = "pickup"
    default_auto_field = "django.db.models.BigAutoField"
