"""The one rule for the language of prompts (S250), heard: each version of a message is a tone of its own."""

from collections.abc import Callable
from typing import Any

from tests.harness.company import PASSWORD, Company, step
from tests.harness.phones import Running
from tests.harness.sounds import tone_bytes

New = Callable[[], Company]
RUSSIAN, ENGLISH = 700, 1100  # Hz


def heard(calling: Running) -> list[int]:
    """The tones of a call that the exchange ends."""
    calling.wait()
    calling.stop()
    return [hertz for hertz in (RUSSIAN, ENGLISH) if any(abs(one - hertz) < 20 for one in calling.heard())]


def test_the_nearest_choice_of_a_language_is_heard(company: New) -> None:
    """Element before the user of the port, user before the client; without a version the main one sounds."""
    client = company()

    def made(path: str, **values: Any) -> int:
        return int(client.api.post(f"{client.path}/{path}", values)["id"])

    greeting, plain = (
        client.api.upload(f"{client.path}/sounds", {"name": name}, "x.wav", tone_bytes(RUSSIAN, 1))["id"]
        for name in ("На двух языках", "Только основная")
    )
    english = {"name": "Hello"}
    client.api.upload(
        f"{client.path}/sounds/{greeting}/versions/en", english, "en.wav", tone_bytes(ENGLISH, 1)
    )
    user = made("users", login=f"john-{client.id}", password=PASSWORD, role="client_user", language="en")
    his, plain_line = client.line("101", owner_id=user), client.line("102")
    menus = {
        language: made(
            "menus",
            name=f"Меню {language}",
            announcement_id=greeting,
            wait_s=1,
            attempts=1,
            language=language,
        )
        for language in ("ru", "en")
    }
    steps = {
        "110": {"kind": "sound", "sound_id": greeting},
        "111": {"kind": "sound", "sound_id": plain},
        "112": {"kind": "menu", "menu_id": menus["ru"]},
        "113": {"kind": "menu", "menu_id": menus["en"]},
    }
    for digits, action in steps.items():
        client.dialplan(client.number(digits), [step(1, action)])
    client.wait_active()
    calls: dict[tuple[str, str], Running] = {}
    for line in (his, plain_line):
        line.phone.hertz = 440
        line.phone.register()
        calls |= {(line.digits, one): line.phone.start_call(one, callee_ends=True) for one in steps}
    assert {who: heard(calling) for who, calling in calls.items()} == {
        ("101", "110"): [ENGLISH],  # the user's
        ("102", "110"): [RUSSIAN],  # the client's
        ("101", "111"): [RUSSIAN],  # no such version
        ("102", "111"): [RUSSIAN],
        ("101", "112"): [RUSSIAN],  # the menu's own
        ("102", "112"): [RUSSIAN],
        ("101", "113"): [ENGLISH],
        ("102", "113"): [ENGLISH],
    }
