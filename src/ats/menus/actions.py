"""Changes to the voice menus of a client (S148-S158)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, fields_of, record
from ats.clients.models import User
from ats.clients.versions import bump
from ats.dialplan.extras import Extras
from ats.errors import Conflict, Fault, Invalid, Missing, invalid, places
from ats.media.models import Sound
from ats.menus.models import MenuKey, VoiceMenu
from ats.numbering.models import Number
from ats.ports.usage import at_steps

KEYS = "0123456789*#"
MAX_WAIT_S = 60
MAX_ATTEMPTS = 10
_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
    "language": checks.one_of(("", *checks.LANGUAGES)),
    "wait_s": checks.whole(1, MAX_WAIT_S),
    "attempts": checks.whole(1, MAX_ATTEMPTS),
    "extension_dial": checks.flag,
}
_UNSEEN_BY_ENGINE = frozenset({"name", "description"})


@transaction.atomic
def create_menu(actor: User | None, client_id: int, values: Mapping[str, Any]) -> VoiceMenu:
    """Create a voice menu of the client in scope; `keys`: a list of {key, number_id}. Raises Invalid."""
    fields = _accepted(values)
    keys = _keys(values.get("keys") or [])
    menu = VoiceMenu(client_id=client_id, **fields)
    _save(menu)
    _set_keys(menu, keys)
    record(actor, client_id, "create", menu, after={**fields, "keys": keys})
    bump(client_id)
    return menu


@transaction.atomic
def update_menu(actor: User | None, menu_id: int, values: Mapping[str, Any]) -> VoiceMenu:
    """Change a voice menu in scope; only the fields given, `keys` as a whole. Raises Missing, Invalid."""
    menu = _locked(menu_id)
    before, after = apply(menu, _accepted(values))
    if "keys" in values:
        keys = _keys(values["keys"] or [])
        old = keys_of(menu)
        if keys != old:
            before["keys"], after["keys"] = old, keys
            _set_keys(menu, keys)
    if after:
        _save(menu)
        record(actor, menu.client_id, "update", menu, before=before, after=after)
        if after.keys() - _UNSEEN_BY_ENGINE:
            bump(menu.client_id)
    return menu


@transaction.atomic
def delete_menu(actor: User | None, menu_id: int) -> None:
    """Delete a voice menu in scope. Raises Missing; Conflict saying which dialplans lead to it."""
    menu = _locked(menu_id)
    if used := at_steps(menu.steps.all()):
        raise Conflict("in_use", where=places(used))
    before = fields_of(menu, (*_CHECKS, "announcement_id", "extras"))
    record(actor, menu.client_id, "delete", menu, before={**before, "keys": keys_of(menu)})
    client_id = menu.client_id
    menu.delete()
    bump(client_id)


def keys_of(menu: VoiceMenu) -> dict[str, int]:
    """Key → id of the number it leads to."""
    return dict(MenuKey.objects.filter(menu=menu).order_by("key").values_list("key", "number_id"))


def _accepted(values: Mapping[str, Any]) -> dict[str, Any]:
    fields = checks.clean(values, _CHECKS)
    if "announcement_id" in values:
        wanted = values["announcement_id"]
        if wanted is not None and not Sound.objects.filter(pk=wanted).exists():
            raise invalid("announcement_id", "not_own")
        fields["announcement_id"] = wanted
    if "extras" in values:
        fields["extras"] = Extras.of(values["extras"]).stored()
    return fields


def _keys(given: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Key → id of an internal number of the client in scope, in order of the keys. Raises Invalid."""
    wanted = [item.get("number_id") or 0 for item in given]
    own = set(Number.objects.filter(pk__in=wanted, kind=Number.Kind.INTERNAL).values_list("pk", flat=True))
    faults: dict[str, Fault] = {}
    found: dict[str, int] = {}
    for index, item in enumerate(given):
        key, number_id = str(item.get("key", "")), item.get("number_id")
        if len(key) != 1 or key not in KEYS:
            faults[f"keys.{index}.key"] = Fault("bad_key")
        elif key in found:
            faults[f"keys.{index}.key"] = Fault("twice")
        elif number_id not in own:
            faults[f"keys.{index}.number_id"] = Fault("not_internal")
        else:
            found[key] = int(number_id)
    if faults:
        raise Invalid(faults)
    return dict(sorted(found.items()))


def _set_keys(menu: VoiceMenu, keys: Mapping[str, int]) -> None:
    MenuKey.objects.filter(menu=menu).delete()
    MenuKey.objects.bulk_create([MenuKey(menu=menu, key=key, number_id=pk) for key, pk in keys.items()])


def _save(menu: VoiceMenu) -> None:
    try:
        with transaction.atomic():
            menu.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error


def _locked(menu_id: int) -> VoiceMenu:
    menu = VoiceMenu.objects.select_for_update().filter(pk=menu_id).first()
    if menu is None:
        raise Missing
    return menu
