from django.apps import AppConfig


class MenusConfig(AppConfig):
    name = "ats.menus"
    label = "menus"
    default_auto_field = "django.db.models.BigAutoField"
