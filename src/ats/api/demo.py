"""Demo data: an operator, a client that can call at once, and the manual's worked examples (S108, S109)."""

import math
import struct
import wave
from pathlib import Path
from typing import Any

from django_scopes import scope

from ats.clients import actions as clients
from ats.clients import user_actions
from ats.clients.models import Client
from ats.clients.passwords import generate
from ats.clients.rights import Role
from ats.clients.setup import ADMIN_LOGIN, init_operator
from ats.media import actions as media
from ats.media.models import Sound
from ats.numbering import actions as numbering
from ats.numbering import dialplan_actions, pool_actions
from ats.numbering.models import Number
from ats.ports import actions as ports
from ats.ports.models import Port

CLIENT_NAME = "Ромашка"
CLIENT_LOGIN = "romashka"
POOL = ("+74950000001", "+74950000020")
_RATE = 8000
# A calm rising chord, twice: (frequency in Hz, length in s); 0 is silence.
_MELODY = [(523.25, 0.35), (659.25, 0.35), (783.99, 0.35), (1046.5, 0.7), (0.0, 0.5)] * 2


def make_demo() -> dict[str, Any]:
    """Make the demo once; returns log-ins and SIP accounts, or {"existing": True} when there is an operator."""
    _, password = init_operator()
    if password is None:
        return {"existing": True}
    client = clients.create_client(
        None, {"name": CLIENT_NAME, "description": "Учебный клиент: можно менять и удалять"}
    )
    client_password = generate()
    with scope(client=client.pk):
        user_actions.create_user(
            None,
            client.pk,
            {
                "login": CLIENT_LOGIN,
                "name": "Администратор Ромашки",
                "password": client_password,
                "role": Role.CLIENT_ADMIN.value,
            },
        )
        accounts = [_telephone(client, "100", "Секретарь"), _telephone(client, "101", "Директор")]
        sound = media.add_sound(
            None,
            client.pk,
            {"name": "Никого нет на месте", "description": "Мелодия-пример"},
            write_melody,
        )
        _city_number(client, accounts[0], sound)
    return {
        "login": ADMIN_LOGIN,
        "password": password,
        "client_login": CLIENT_LOGIN,
        "client_password": client_password,
        "sip": [
            {
                "number": port.number.digits if port.number else "",
                "login": port.login,
                "password": port.password,
            }
            for port in accounts
        ],
    }


def _telephone(client: Client, digits: str, name: str) -> Port:
    """Worked example 1: an internal number whose only step is its port."""
    number = numbering.create_internal(None, client.pk, {"digits": digits, "name": name})
    port = ports.create_port(
        None, client.pk, {"name": f"Линия {digits}", "number_id": number.pk, "nat": True}
    )
    _save(number, [_step(1, {"kind": "port", "port_id": port.pk}, x=80, y=80)])
    return port


def _city_number(client: Client, port: Port, sound: Sound) -> None:
    """Worked example 2: five seconds at a port, then a sound message."""
    added, _ = pool_actions.add_to_pool(None, *POOL)
    number = pool_actions.allot(None, client.pk, added[0].pk)
    numbering.update_number(None, number.pk, {"name": "Городской"})
    number.refresh_from_db()
    _save(
        number,
        [
            _step(
                1,
                {"kind": "port", "port_id": port.pk},
                timeout_s=5,
                targets={"no_answer": 2, "busy": 2, "no_route": 2},
                x=80,
                y=80,
            ),
            _step(2, {"kind": "sound", "sound_id": sound.pk}, x=580, y=80),
        ],
    )


def _save(number: Number, steps: list[dict[str, Any]]) -> None:
    dialplan_actions.save_dialplan(None, number.pk, number.revision, steps)


def _step(level: int, action: dict[str, Any], **given: Any) -> dict[str, Any]:
    calendar = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}
    return {"level": level, "action": action, "calendar": calendar, **given}


def write_melody(path: Path) -> None:
    """A short pleasant chime as WAV: bells that fade, quiet enough for any handset."""
    samples: list[int] = []
    for frequency, length in _MELODY:
        count = round(_RATE * length)
        for index in range(count):
            moment = index / _RATE
            fade = math.exp(-3 * moment / length) * min(1.0, index / 80)
            tone = math.sin(2 * math.pi * frequency * moment) + 0.3 * math.sin(
                4 * math.pi * frequency * moment
            )
            samples.append(round(9000 * fade * tone))
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
