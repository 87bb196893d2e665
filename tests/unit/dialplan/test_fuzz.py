"""No string gets out of its place in the compiled dialplan: refused by the compiler, or harmless in the text."""

import random
import re

from ats.dialplan.compiler import compile_client
from ats.dialplan.conf import to_conf
from ats.dialplan.model import ClientPlan, DialForwarding, DialPort, NumberPlan, RingAll, Step

CASES = 12_000
PIECES = (
    '"', "'", ",", ";", "${EXTEN}", "$[1+1]", "\n", "\r\n", "\0", ")", "(", "&", "|", "]", "[x]", "=>",
    "exten => s,1,Hangup()",
    "\\", "%", " ", "System(id)", "100", "7916", "Europe/Moscow", "Ж", "\u2028", "@", "!", "_X.", "#",
    "*", "<", ">", "٣",
)  # fmt: skip
LINE = re.compile(r"exten => [A-Za-z0-9_*#+.!\[\]-]+,\d+,[A-Za-z]+\([^\r\n]*\)")
HEAD = re.compile(r"\[(did|c17(\.v5|\.in|\.out)?)\]|; version 5")


def test_hostile_strings_never_leave_their_place() -> None:
    chance = random.Random(5)
    plain = to_conf(compile_client(_plan("100", "UTC", "170001", "79161112233", "495")))
    compiled = refused = 0
    for _ in range(CASES):
        values = ["100", "UTC", "170001", "79161112233", "495"]
        values[chance.randrange(5)] = "".join(chance.choices(PIECES, k=chance.randint(1, 4)))
        try:
            text = to_conf(compile_client(_plan(*values)))
        except ValueError:
            refused += 1
            continue
        compiled += 1
        lines = text.removesuffix("\n").split("\n")
        assert all(LINE.fullmatch(line) or HEAD.fullmatch(line) for line in lines), values
        assert [_shape(line) for line in lines][:8] == [_shape(line) for line in plain.split("\n")][:8], (
            values
        )
    assert compiled + refused == CASES
    assert refused > CASES // 2


def _shape(line: str) -> str:
    return re.sub(r"^exten => [^,]+,", "exten => ,", line).split("(")[0]


def _plan(digits: str, zone: str, endpoint: str, outside: str, area_code: str) -> ClientPlan:
    port = DialPort(1, endpoint)
    steps = (
        Step(1, 1, port),
        Step(2, 1, RingAll((port, DialForwarding(1, outside)))),
        Step(3, 1, DialForwarding(1, outside)),
    )
    return ClientPlan(17, 5, area_code, (NumberPlan(43, digits, False, zone, steps),))
