from django.apps import AppConfig


class FaxesConfig(AppConfig):
    name = "ats.faxes"
    label = "faxes"
    default_auto_field = "django.db.models.BigAutoField"
