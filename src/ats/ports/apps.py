from django.apps import AppConfig


class PortsConfig(AppConfig):
    name = "ats.ports"
    label = "ports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ats.clients.versions import bump_everybody
        from ats.system.actions import FOLLOWED

        FOLLOWED["talks.silence_s"] = FOLLOWED["talks.held_s"] = (
            bump_everybody  # stand in every SIP port's rows
        )
