"""The audit in words: fields by the labels of the cabinet, values as people know them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django_scopes import scopes_disabled

from ats.api.codewords import CAMPAIGN_REASON, CAMPAIGN_STATUS
from ats.api.messages import LANGUAGES, right_names, role_names
from ats.api.texts import TEXTS
from ats.audit.models import AuditEntry
from ats.classifiers.models import Classifier
from ats.clients.models import User
from ats.dialplan.codes import FEATURES
from ats.forwarding.models import Forwarding
from ats.media.models import Sound
from ats.menus.models import VoiceMenu
from ats.numbering import e164
from ats.numbering.models import Number
from ats.pickup.models import PickupGroup
from ats.ports.models import Port
from ats.queues.models import Queue

# Fields that hold the id of something of the client.
_MODELS: dict[str, type[Model]] = {
    "number_id": Number,
    "clip_id": Number,
    "owner_id": User,
    "user_id": User,
    "pickup_group_id": PickupGroup,
    "greeting_id": Sound,
    "announcement_id": Sound,
    "classifier_id": Classifier,
    "port_id": Port,
    "queue_id": Queue,
    "forwarding_id": Forwarding,
    "menu_id": VoiceMenu,
}
_MONEY = frozenset(
    {
        "money_day",
        "money_month",
        "spend",
        "credit",
        "daily_cap",
        "amount",
        "price",
        "connection_fee",
        "attempt_fee",
    }
)
_UNSHOWN = frozenset(
    {"dialplan", "limits", "users", "ports"}
)  # whole things: there so that they can be made again
# Codes that the cabinet shows in words.
_CODES: dict[str, Mapping[Any, tuple[str, str]]] = {
    "kind": {"sip": ("SIP", "SIP"), "iax2": ("IAX2", "IAX2"), "h323": ("H.323", "H.323")},
    "connection": {"subscriber": ("абонент", "subscriber"), "trunk": ("оператор", "operator")},
    "dtmf": {
        "rfc4733": ("RFC 4733", "RFC 4733"),
        "info": ("SIP INFO", "SIP INFO"),
        "inband": ("в голосе", "in-band"),
        "auto": ("авто", "auto"),
    },
    "status": CAMPAIGN_STATUS,
    "reason": CAMPAIGN_REASON,
    "language": {"ru": ("русский", "Russian"), "en": ("английский", "English")},
}
_NOTHING = "—"
_YES_NO = {"ru": ("нет", "да"), "en": ("no", "yes")}
_FEATURES = {feature.key: feature.words for feature in FEATURES}


class Words:
    """Entries of one page, in one language; names are looked up at once, a query for each kind."""

    def __init__(self, entries: Sequence[AuditEntry], language: str) -> None:
        self._language = language if language in LANGUAGES else "ru"
        self._place = LANGUAGES.index(self._language)
        self._names = self._looked_up(entries)

    def changes(self, entry: AuditEntry) -> list[dict[str, Any]]:
        """Every field: `field`, `label`, what it was (None: not known) and what it became."""
        fields = list(dict.fromkeys((*entry.before, *entry.after)))
        return [
            {
                "field": field,
                "label": self.label(entry.object_type, field),
                "before": self._value(field, entry.before[field]) if field in entry.before else None,
                "after": self._value(field, entry.after[field]) if field in entry.after else None,
            }
            for field in fields
            if field not in _UNSHOWN and not _says_nothing(entry, field)
        ]

    def label(self, kind: str, field: str) -> str:
        """What the field is called."""
        if kind == "code" and field in _FEATURES:
            return _FEATURES[field][self._place]
        words = TEXTS.get(f"field_{field}")
        return words[self._place] if words else field

    def _value(self, field: str, value: Any) -> str:
        if value is None or value in ("", [], {}):
            return _NOTHING
        if isinstance(value, bool):
            return _YES_NO[self._language][value]
        if field in _MODELS and isinstance(value, int):
            return self._names.get((_MODELS[field], value), f"№ {value}")
        if field in _MONEY and isinstance(value, int):
            return f"{value / 10_000:.2f}"
        if isinstance(value, str) and value in _CODES.get(field, {}):
            return _CODES[field][value][self._place]
        if field == "rights" and isinstance(value, list):
            names = {str(right): name for right, name in right_names(self._language).items()}
            return ", ".join(names.get(str(code), str(code)) for code in value)
        if field == "second_factor_roles" and isinstance(value, list):
            roles = {str(role): name for role, name in role_names(self._language).items()}
            return ", ".join(roles.get(str(code), str(code)) for code in value)
        if field == "keys" and isinstance(value, Mapping):
            return ", ".join(f"{key} → {self._name(Number, to)}" for key, to in value.items())
        if field in ("agents", "trunks") and isinstance(value, list):
            return ", ".join(self._member(item) for item in value)
        if isinstance(value, Mapping):
            return ", ".join(
                f"{self.label('', str(key))}: {self._value('', item)}" for key, item in value.items()
            )
        if isinstance(value, list):
            return ", ".join(self._value("", item) for item in value)
        return str(value)

    def _member(self, item: Any) -> str:
        if isinstance(item, int):
            return self._name(Port, item)
        kind, _, key = str(item).partition(" ")
        model = {"port": Port, "forwarding": Forwarding}.get(kind)
        return self._name(model, int(key)) if model and key.isdigit() else str(item)

    def _name(self, model: type[Model], key: Any) -> str:
        return self._names.get((model, key), f"№ {key}")

    def _looked_up(self, entries: Iterable[AuditEntry]) -> dict[tuple[type[Model], int], str]:
        wanted: dict[type[Model], set[int]] = {}
        for entry in entries:
            for values in (entry.before, entry.after):
                for field, value in values.items():
                    for model, key in _mentioned(field, value):
                        wanted.setdefault(model, set()).add(key)
        found: dict[tuple[type[Model], int], str] = {}
        for model, keys in wanted.items():
            for thing in model._default_manager.filter(pk__in=keys):
                name = e164.display(thing.digits) if isinstance(thing, Number) else str(thing)
                found[model, thing.pk] = name
        return found


def _says_nothing(entry: AuditEntry, field: str) -> bool:
    """An empty field of what was created or deleted whole."""
    one_side = not (entry.before and entry.after)
    return one_side and (entry.before or entry.after)[field] in (None, "", False, [], {})


def _mentioned(field: str, value: Any) -> Iterable[tuple[type[Model], int]]:
    if field in _MODELS and isinstance(value, int):
        yield _MODELS[field], value
    elif field == "keys" and isinstance(value, Mapping):
        yield from ((Number, key) for key in value.values() if isinstance(key, int))
    elif field == "trunks" and isinstance(value, list):
        yield from ((Port, key) for key in value if isinstance(key, int))
    elif field == "agents" and isinstance(value, list):
        for item in value:
            kind, _, key = str(item).partition(" ")
            if kind in ("port", "forwarding") and key.isdigit():
                yield (Port if kind == "port" else Forwarding), int(key)


def operators(entries: Iterable[AuditEntry]) -> frozenset[int]:
    """Ids of the authors who are the operator's people, working in a client as themselves (S35)."""
    ids = {entry.actor_id for entry in entries if entry.actor_id is not None}
    with scopes_disabled():
        found = User.objects.filter(pk__in=ids, client__is_operator=True)
        return frozenset(found.values_list("pk", flat=True))
