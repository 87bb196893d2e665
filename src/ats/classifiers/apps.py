from django.apps import AppConfig


class ClassifiersConfig(AppConfig):
    name = "ats.classifiers"
    label = "classifiers"
    default_auto_field = "django.db.models.BigAutoField"
