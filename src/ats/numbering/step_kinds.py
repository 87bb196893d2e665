"""The actions a step can have: which thing of the client each leads to, and what people call it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ats.numbering.models import Step

A = Step.Action


@dataclass(frozen=True, slots=True)
class StepKind:
    """`field`: foreign key of Step, "" when the action leads to nothing; `key`: its id in the API.
    `words`: Russian and English title, {} is the thing's name."""

    field: str
    key: str
    words: tuple[str, str]


KINDS: Mapping[str, StepKind] = {
    A.PORT: StepKind("port", "port_id", ("SIP {}", "SIP {}")),
    A.RING: StepKind("", "", ("Одновременный вызов: {}", "Ring at once: {}")),
    A.FORWARDING: StepKind("forwarding", "forwarding_id", ("Заданный номер {}", "Specified number {}")),
    A.QUEUE: StepKind("queue", "queue_id", ("Очередь {}", "Queue {}")),
    A.MENU: StepKind("menu", "menu_id", ("Голосовое меню {}", "Voice menu {}")),
    A.SOUND: StepKind("sound", "sound_id", ("Звуковое сообщение {}", "Sound message {}")),
    A.CLASSIFIER: StepKind("classifier", "classifier_id", ("Классификатор вызовов {}", "Classifier {}")),
    A.MAILBOX: StepKind("mailbox", "mailbox_id", ("Голосовая почта {}", "Voicemail {}")),
    A.FAX: StepKind("", "", ("Service/FAXRECEIVER", "Service/FAXRECEIVER")),
    A.CONFERENCE: StepKind("conference", "conference_id", ("Конференция {}", "Conference {}")),
    A.PIN: StepKind("", "", ("Авторизация по PIN", "Authorisation by PIN")),
    A.CALLBACK: StepKind("to_number", "number_id", ("Обратный вызов → {}", "Call back → {}")),
    A.NUMBER: StepKind("to_number", "number_id", ("Номер {}", "Number {}")),
    A.HANGUP: StepKind("", "", ("Отбой", "Hang up")),
}
# Foreign keys of Step that some action uses; the rest of a saved step's are null.
FIELDS = tuple(dict.fromkeys(kind.field for kind in KINDS.values() if kind.field))
