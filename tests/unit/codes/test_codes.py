"""Feature codes: defaults, changes by the system's administrator, clashes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from ats.audit.models import Outbox
from ats.clients.models import User
from ats.codes.queries import digits_of
from ats.dialplan.codes import FEATURES, compile_codes
from tests.unit.world import World

JSON = "application/json"


def save(browser: Browser, **codes: str) -> Any:
    return browser.put("/api/codes", {"codes": codes}, content_type=JSON)


def test_every_user_reads_them_and_only_the_system_admin_changes_them(
    world: World, browser: Callable[[User], Browser]
) -> None:
    items = browser(world.plain).get("/api/codes").json()["items"]
    assert next(item for item in items if item["feature"] == "pickup") == {
        "feature": "pickup",
        "title": "Перехват вызова группы",
        "digits": "888#",
        "default": "888#",
        "place": "dialled",
        "argument": False,
    }
    assert save(browser(world.keeper), pickup="*8").status_code == 403
    before = Outbox.objects.filter(kind="routes").count()
    assert save(browser(world.admin), pickup="*8", echo="").status_code == 200
    assert (digits_of()["pickup"], digits_of()["echo"]) == ("*8", "")
    assert Outbox.objects.filter(kind="routes").count() == before + 1
    assert save(browser(world.admin), pickup="888#", echo="*43").status_code == 200
    assert digits_of() == {feature.key: feature.default for feature in FEATURES}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("888", "* или #"),  # digits alone are somebody's internal number
        ("*43", "*43"),
        ("8", "от 2 до 10"),
        ("*8;x", "от 2 до 10"),
        ("*8${EXTEN}", "от 2 до 10"),
    ],
)
def test_a_code_that_clashes_is_refused(
    world: World, browser: Callable[[User], Browser], code: str, text: str
) -> None:
    answer = save(browser(world.admin), pickup=code)
    assert answer.status_code == 422
    assert text in answer.json()["fields"]["codes.pickup"]
    assert digits_of()["pickup"] == "888#"


def test_unknown_feature(world: World, browser: Callable[[User], Browser]) -> None:
    assert list(save(browser(world.admin), teleport="*1").json()["fields"]) == ["codes.teleport"]


def test_defaults_do_not_clash_and_compile() -> None:
    codes = {feature.key: feature.default for feature in FEATURES}
    assert len(set(codes.values())) == len(codes)
    lines, pointers = compile_codes(FEATURES, codes, 7)
    assert {line.context for line in lines} == {"codes.v7"}
    assert {"888#", "*43", "i"} <= {line.exten for line in lines}
    assert [line.data for line in pointers] == ["codes.v7,${EXTEN},1"]
    with pytest.raises(ValueError, match="not allowed"):
        compile_codes(FEATURES, {"pickup": "*8,1"}, 7)
    off, _ = compile_codes(FEATURES, dict.fromkeys(codes, ""), 7)
    assert [line.exten for line in off] == ["i"]
