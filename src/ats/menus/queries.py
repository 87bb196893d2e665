"""Voice menus for the API, and as plans for the compiler."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from ats.dialplan.extras import Extras
from ats.dialplan.menuplan import MenuPlan
from ats.errors import Missing
from ats.menus.models import MenuKey, VoiceMenu
from ats.scoping import belonging


def menus() -> QuerySet[VoiceMenu]:
    """Voice menus of the client in scope, with all that `menu_row` needs."""
    return VoiceMenu.objects.select_related("announcement").prefetch_related(
        Prefetch("keys", belonging(MenuKey).select_related("number"))
    )


def menu(menu_id: int) -> VoiceMenu:
    """One voice menu of the client in scope. Raises Missing."""
    found = menus().filter(pk=menu_id).first()
    if found is None:
        raise Missing
    return found


def menu_row(found: VoiceMenu) -> dict[str, Any]:
    """A voice menu as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "language": found.language,
        "wait_s": found.wait_s,
        "attempts": found.attempts,
        "extension_dial": found.extension_dial,
        "announcement_id": found.announcement_id,
        "announcement_name": found.announcement.name if found.announcement else "",
        "extras": Extras.of(found.extras).stored(),
        "keys": [
            {"key": key.key, "number_id": key.number_id, "number_digits": key.number.digits}
            for key in sorted(found.keys.all(), key=lambda one: one.key)
        ],
        "created_at": found.created_at,
    }


def menu_plans() -> tuple[MenuPlan, ...]:
    """The voice menus of the client in scope as the compiler takes them (two queries)."""
    found = VoiceMenu.objects.prefetch_related("keys").order_by("pk")
    return tuple(
        MenuPlan(
            id=menu.pk,
            language=menu.language,
            wait_s=menu.wait_s,
            attempts=menu.attempts,
            extension_dial=menu.extension_dial,
            sound_id=menu.announcement_id,
            ring_only=Extras.of(menu.extras).ring_only,
            keys={key.key: key.number_id for key in sorted(menu.keys.all(), key=lambda one: one.key)},
        )
        for menu in found
    )
