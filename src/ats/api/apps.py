from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "ats.api"
    label = "api"

    def ready(self) -> None:
        from ats import textsearch

        textsearch.install()
