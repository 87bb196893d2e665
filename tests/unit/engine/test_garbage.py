"""An old version stays while a call may still be in it."""

from typing import Any

import pytest

from ats.engine.agent.provision import channel_start, holds

FLIP = 1_795_423_719.5


def channel(started: int, context: str, account: str = "") -> dict[str, Any]:
    return {"Uniqueid": f"node-1-{started}.12", "Context": context, "AccountCode": account}


@pytest.mark.parametrize(
    ("started", "context", "account", "expected"),
    [
        (1_795_423_700, "c17.v4", "17", True),  # it is right there
        (1_795_423_700, "c17.v4", "18", True),  # a call from another client
        (1_795_423_700, "c17", "17", True),
        (1_795_423_700, "c18.v1", "17", True),  # a caller of ours somewhere else, may come back
        (1_795_423_700, "ats-end", "18", True),  # in shared lines: cannot be told
        (1_795_423_700, "c18.v1", "18", False),
        (1_795_423_700, "c170.v4", "170", False),
        (1_795_423_722, "c17.v5", "17", False),  # began after the flip
    ],
)
def test_who_holds_an_old_version(started: int, context: str, account: str, expected: bool) -> None:
    assert holds(channel(started, context, account), "c17.v4", FLIP) is expected


def test_routes_are_held_by_every_older_call() -> None:
    assert holds(channel(1_795_423_700, "c18.v1", "18"), "route.v3", FLIP)
    assert not holds(channel(1_795_423_800, "c18.v1", "18"), "route.v3", FLIP)


def test_a_strange_id_counts_as_old() -> None:
    assert channel_start({"Uniqueid": "?"}) == 0
    assert channel_start({}) == 0
    assert holds({"Uniqueid": "?", "Context": "c17.v4"}, "c17.v4", FLIP)
