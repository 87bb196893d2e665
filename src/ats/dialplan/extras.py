"""ДВО («дополнительные виды обслуживания», S134-S143): eleven switches that ports, queues, forwarding numbers,
voice menus and single steps carry. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Extras:
    """Stored as JSON with only what differs from these defaults."""

    transfer: bool = True  # «Перевод» S134
    pickup: bool = True  # «Перехват» S135
    hold: bool = True  # «Удержание звонка» S136
    parking: bool = True  # «Парковка вызова» S137
    record: bool = False  # «Автоматическая запись» S138
    record_on_demand: bool = False  # «Запись по запросу» S139
    call_return: bool = False  # «Возврат вызова» S140
    ring_only: bool = False  # «Только гудки» S141
    video: bool = False  # «Передача видео» S142
    replace_ringing: bool = False  # «Замена гудков» S143
    # «Перевод кодами»: with `transfer`, also by keys in a talk. For telephones that cannot transfer by themselves: the
    # engine must then listen to every packet of the talk.
    transfer_keys: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Self:
        """From stored JSON; unknown keys are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: bool(value) for name, value in (stored or {}).items() if name in known})

    def stored(self) -> dict[str, bool]:
        """What differs from the defaults."""
        plain = Extras()
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        }
