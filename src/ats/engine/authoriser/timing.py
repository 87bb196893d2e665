"""The engine's own clock of a channel, TIMEOUT(absolute): read and set so that an answer that is late does not count.

The engine ends a talk at the second by itself. What reaches it over the manager interface may take long on a busy
machine, though: of a slow question nobody knows when it was answered, so it is asked again, as NTP does.
"""

import time

from ats.billing.reservations import SECOND
from ats.engine.ami import Ami, AmiError

_LEFT = "TIMEOUT(absolute)"
PROMPT_S = 0.05  # the way there and back, within which an answer is believed at once
TRIES = 4
SHORTEST_S = 0.001  # 0 would take the limit away


def now_us() -> int:
    """This moment, in microseconds since 1970."""
    return time.time_ns() // 1000


async def ends_us(ami: Ami, channel: str) -> int | None:
    """When the engine will end the talk, in microseconds since 1970; None: never, or the channel is gone.

    Rather too late than too early, by PROMPT_S at most unless the engine is slow again and again.
    """
    best: tuple[int, int] | None = None
    for _ in range(TRIES):
        asked = now_us()
        got = await ami.try_action("Getvar", ("Channel", channel), ("Variable", _LEFT))
        heard = now_us()
        left = _seconds(got.response.get("Value", ""))
        if not left:
            return None
        if best is None or heard - asked < best[0]:
            best = heard - asked, heard + int(left * SECOND)
        if best[0] <= PROMPT_S * SECOND:
            break
    assert best is not None
    return best[1]


async def end_at(ami: Ami, channel: str, end_us: int) -> None:
    """Have the engine end the talk at that moment, or now when it is past. Raises AmiError when it will not hear."""
    for attempt in range(TRIES):
        told = now_us()
        left = max((end_us - told) / SECOND, SHORTEST_S)
        try:
            await ami.action("Setvar", ("Channel", channel), ("Variable", _LEFT), ("Value", f"{left:.3f}"))
        except AmiError:
            if attempt:
                return  # over since it was told
            raise
        if now_us() - told <= PROMPT_S * SECOND:
            return


def _seconds(text: str) -> float:
    """What the engine says of a clock; 0 for anything that is no number."""
    try:
        return float(text)
    except ValueError:
        return 0.0
