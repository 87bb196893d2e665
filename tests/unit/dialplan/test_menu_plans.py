"""Voice menus in the compiled text and in the simulator; the words both leave in the path."""

from datetime import UTC, datetime

import pytest

from ats.dialplan.compiler import compile_client
from ats.dialplan.menuplan import MenuPlan
from ats.dialplan.model import ClientPlan, DialPort, EnterMenu, GoNumber, NumberPlan, Outcome, Step
from ats.dialplan.path import Kind, parse
from ats.dialplan.simulator import simulate

MOSCOW = "Europe/Moscow"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def plan(menu: MenuPlan) -> ClientPlan:
    numbers = (
        NumberPlan(43, "101", False, MOSCOW, (Step(9, 1, DialPort(33, "170001")),)),
        NumberPlan(44, "110", False, MOSCOW, (Step(1, 1, EnterMenu(menu.id), targets={Outcome.NO_ANSWER: 2}),
                                              Step(2, 2, GoNumber(43)))),
    )  # fmt: skip
    return ClientPlan(17, 5, "495", numbers, menus=(menu,))


def lines(menu: MenuPlan) -> list[str]:
    return [
        f"{line.exten},{line.priority},{line.app}({line.data})"
        for line in compile_client(plan(menu)).lines
        if line.exten.startswith(("m3", "d1"))
    ]


def test_without_internal_numbers_one_key_is_read_and_no_number_is_written() -> None:
    text = lines(MenuPlan(3, wait_s=7, attempts=2, sound_id=5, keys={"1": 43, "#": 43}))
    assert "m3,1,Set(ATSASK=ats/17/5)" in text
    assert "m3,5,Read(ATSKEY,${ATSASK},1,e,1,7)" in text
    assert "m3k1,1,Gosub(g43,1)" in text
    assert "m3k#,1,Gosub(g43,1)" in text
    assert "m3n,1,Return(19)" in text
    assert not any(line.startswith("d") or "ATSMORE" in line for line in text)


def test_internal_numbers_are_keyed_only_where_one_begins_so() -> None:
    text = lines(MenuPlan(3, extension_dial=True))
    assert any("FILTER(1,${ATSKEY})" in line for line in text)
    assert any(line.endswith("Read(ATSMORE,,2,,1,3)") for line in text)
    assert "d101,3,Gosub(g43,1)" in text
    assert "d110,3,Gosub(g44,1)" in text
    assert "d110,1,Set(ATSSTEPS=$[0${ATSSTEPS} + 1])" in text


def test_who_keys_the_menus_own_number_over_and_over_comes_to_an_end() -> None:
    menu = MenuPlan(3, extension_dial=True)
    walk = simulate(plan(menu), 44, NOW, lambda _: Outcome.BUSY, lambda *_: "110")
    assert walk.path.endswith("k110 !loop")
    assert 600 < len(walk.path) < 700


@pytest.mark.parametrize("menu", [MenuPlan(3, language="ru;x"), MenuPlan(3, keys={"1,2": 43})])
def test_nothing_typed_gets_into_the_text(menu: MenuPlan) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        compile_client(plan(menu))


def test_a_menu_nobody_is_led_to_is_not_compiled() -> None:
    whole = plan(MenuPlan(3))
    alone = ClientPlan(17, 5, "495", whole.numbers[:1], menus=whole.menus)
    assert not any(line.exten.startswith("m3") for line in compile_client(alone).lines)


@pytest.mark.parametrize(
    ("keyed", "path"),
    [
        (["1"], "17/5/44 1 k1 17/5/43 9 b- b-"),
        (["9", "1"], "17/5/44 1 k9 k1 17/5/43 9 b- b-"),
        (["", ""], "17/5/44 1 n2 17/5/43 9 b- b-"),
        (["101", ""], "17/5/44 1 k101 17/5/43 9 b- b-"),
    ],
)
def test_the_simulator_walks_through_a_menu(keyed: list[str], path: str) -> None:
    menu = MenuPlan(3, attempts=2, extension_dial=True, keys={"1": 43})
    walk = simulate(plan(menu), 44, NOW, lambda _: Outcome.BUSY, lambda _, attempt: keyed[attempt - 1])
    assert walk.path == path
    assert walk.cause == 17
    assert [word.digits for word in parse(path) if word.kind is Kind.KEYS] == [key for key in keyed if key]
