"""Call scenarios (tests/scenarios/*.yaml) on the real engine, with its clock set to the moment each one names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.clock import ClockedInstance
from tests.harness.scenario import Scenario, load
from tests.harness.stage import Stage

SCENARIOS = sorted(load(Path(__file__).parents[1] / "scenarios"), key=lambda one: one.clock)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with ClockedInstance() as instance:
        yield Stage(instance)


@pytest.mark.parametrize("played", SCENARIOS, ids=lambda one: one.id)
def test_scenario(stage: Stage, played: Scenario) -> None:
    stage.play(played)
