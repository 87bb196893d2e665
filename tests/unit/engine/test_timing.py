"""The engine's clock of a channel over a manager interface that is slow at times."""

import asyncio
from collections.abc import Iterator

import pytest

from ats.billing.reservations import SECOND
from ats.engine.ami import Ami, AmiError, Answer, Message
from ats.engine.authoriser import timing

BEGUN_US = 1_800_000_000 * SECOND
ROOM_US = int(timing.PROMPT_S * SECOND)


class Engine(Ami):
    """Has one channel that ends at `end_us`; each action takes the next of `ways`: microseconds there and back."""

    def __init__(self, ways: list[tuple[int, int]], end_us: int = 0) -> None:
        super().__init__(1, "u", "s")
        self.now_us, self.end_us = BEGUN_US, end_us
        self._ways = iter(ways)
        self.told: list[str] = []

    async def try_action(self, name: str, *pairs: tuple[str, str], timeout: float = 10) -> Answer:  # noqa: ASYNC109
        there, back = next(self._ways)
        self.now_us += there
        message = Message()
        message["Response"] = "Success"
        left_us = self.end_us - self.now_us
        if name == "Getvar":
            message["Value"] = f"{left_us / SECOND:.3f}" if left_us > 0 else "0"
        elif self.end_us and left_us <= 0:
            message["Response"] = "Error"  # it is hung up: no such channel
        else:
            value = dict(pairs)["Value"]
            assert float(value) > 0, "0 would let the call go on for ever"
            self.told.append(value)
            self.end_us = self.now_us + int(float(value) * SECOND)
        self.now_us += back
        return Answer(message)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Engine]:
    made = Engine(*request.param)
    monkeypatch.setattr(timing, "now_us", lambda: made.now_us)
    return made


QUICK, SLOW_THERE, SLOW_BACK = (500, 500), (600_000, 500), (500, 600_000)


@pytest.mark.parametrize(
    "engine", [([QUICK], BEGUN_US + 9 * SECOND), ([SLOW_BACK, SLOW_THERE, QUICK], BEGUN_US + 9 * SECOND)],
    indirect=True,
)  # fmt: skip
def test_when_a_talk_ends_is_known_though_the_answer_is_late(engine: Engine) -> None:
    end = asyncio.run(timing.ends_us(engine, "PJSIP/t1-1"))
    assert end is not None
    assert 0 <= end - engine.end_us <= ROOM_US


@pytest.mark.parametrize("engine", [([SLOW_BACK] * timing.TRIES, BEGUN_US + 9 * SECOND)], indirect=True)
def test_it_is_not_asked_for_ever(engine: Engine) -> None:
    end = asyncio.run(timing.ends_us(engine, "PJSIP/t1-1"))
    assert end is not None
    assert end >= engine.end_us, "nobody is cut before his time"


@pytest.mark.parametrize("engine", [([QUICK], 0)], indirect=True)
def test_a_channel_without_a_clock(engine: Engine) -> None:
    assert asyncio.run(timing.ends_us(engine, "PJSIP/t1-1")) is None


@pytest.mark.parametrize("left_us", [7 * SECOND, 1_700_000, 300_000])
@pytest.mark.parametrize("engine", [([QUICK],), ([SLOW_THERE, QUICK],), ([SLOW_BACK, QUICK],)], indirect=True)
def test_a_talk_ends_at_the_moment_that_was_told(engine: Engine, left_us: int) -> None:
    """Also within the last second, which once began anew at every telling."""
    end = BEGUN_US + left_us
    asyncio.run(timing.end_at(engine, "PJSIP/t1-1", end))
    late = engine.now_us - end
    assert abs(engine.end_us - end) <= ROOM_US or (late > 0 and engine.end_us <= engine.now_us + 1000)


@pytest.mark.parametrize("engine", [([QUICK],)], indirect=True)
def test_a_moment_that_is_past_is_now_and_not_never(engine: Engine) -> None:
    asyncio.run(timing.end_at(engine, "PJSIP/t1-1", BEGUN_US - SECOND))
    assert engine.told == ["0.001"]


@pytest.mark.parametrize("engine", [([QUICK], BEGUN_US)], indirect=True)
def test_a_channel_that_is_gone_is_said(engine: Engine) -> None:
    with pytest.raises(AmiError):
        asyncio.run(timing.end_at(engine, "PJSIP/t1-1", BEGUN_US + SECOND))
