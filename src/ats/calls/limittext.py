"""A limit that ended a call, or sent it to «По занято», in words: what was reached and whose limit it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from ats.clients.models import User
from ats.dialplan.path import Kind, Word
from ats.forwarding.models import Forwarding
from ats.menus.models import VoiceMenu
from ats.numbering.models import Step
from ats.numbering.titles import step_title
from ats.ports.models import Port
from ats.queues.models import Queue

Names = Mapping[tuple[str, int], str]

_REASONS = {
    "lines_in": ("входящих линий больше нет", "no incoming line left"),
    "lines_out": ("исходящих линий больше нет", "no outgoing line left"),
    "lines_all": ("одновременных вызовов больше нельзя", "no more calls at once"),
    "closed": ("направление закрыто", "calls in this direction are not allowed"),
    "deny_prefixes": ("номер запрещён списком", "the number is on the list of forbidden ones"),
    "minutes_day": ("минуты на день израсходованы", "the minutes of the day are used up"),
    "minutes_month": ("минуты на месяц израсходованы", "the minutes of the month are used up"),
    "money_day": ("деньги на день израсходованы", "the money of the day is used up"),
    "money_month": ("деньги на месяц израсходованы", "the money of the month is used up"),
    "calls_minute": ("слишком много вызовов в минуту", "too many calls a minute"),
    "destinations_day": ("слишком много разных номеров за день", "too many different numbers in a day"),
    "fraud": ("заблокирован защитой от мошенничества", "locked by the fraud guard"),
}
_OWNERS: dict[str, tuple[str, str]] = {
    "client": ("клиента", "of the client"),
    "user": ("пользователя «{name}»", "of user “{name}”"),
    "port": ("порта «{name}»", "of port “{name}”"),
    "queue": ("очереди «{name}»", "of queue “{name}”"),
    "forwarding": ("номера переадресации «{name}»", "of forwarding number “{name}”"),
    "menu": ("голосового меню «{name}»", "of voice menu “{name}”"),
    "step": ("шага «{name}»", "of step “{name}”"),
}
_MODELS: dict[str, type[models.Model]] = {
    "user": User,
    "port": Port,
    "queue": Queue,
    "forwarding": Forwarding,
    "menu": VoiceMenu,
    "step": Step,
}
_FORM = {
    "ru": ("ограничение {owner}: {reason}", 0),
    "en": ("limit {owner}: {reason}", 1),
}


def owner_names(words: Iterable[Word], language: str) -> Names:
    """What the things are called whose limits these words name (of the client in scope; one query per kind)."""
    wanted: dict[str, set[int]] = {}
    for word in words:
        if word.kind is Kind.LIMIT and word.owner in _MODELS and word.owner_id is not None:
            wanted.setdefault(word.owner, set()).add(word.owner_id)
    return {
        (owner, thing.pk): _name(thing, language)
        for owner, ids in wanted.items()
        for thing in _MODELS[owner]._default_manager.filter(pk__in=ids)
    }


def limit_text(word: Word, names: Names, language: str) -> str:
    """«ограничение порта «Линия 1»: исходящих линий больше нет»; a thing removed since is named by its id."""
    form, index = _FORM.get(language, _FORM["ru"])
    owner, key = word.owner or "", word.owner_id or 0
    return form.format(
        owner=_OWNERS[owner][index].format(name=names.get((owner, key), key)),
        reason=_REASONS[word.limit or ""][index],
    )


def _name(thing: Any, language: str) -> str:
    return step_title(thing, language) if isinstance(thing, Step) else str(thing)
