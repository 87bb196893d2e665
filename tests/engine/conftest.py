"""One real installation (engine, agent, worker, web) for all engine tests; each test makes its own clients."""

import itertools
import os
from collections.abc import Callable, Iterator

import pytest

from tests.harness.company import Company
from tests.harness.instance import Instance

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def instance() -> Iterator[Instance]:
    with Instance(db_url=os.environ.get("ATS_TEST_ENGINE_DB")) as running:
        yield running


@pytest.fixture
def company(instance: Instance) -> Callable[[], Company]:
    """Makes a fresh client at each call."""
    return lambda: Company(instance, f"Клиент {next(_numbers)}")


@pytest.fixture
def free_did() -> Callable[[], str]:
    """External numbers no other test uses."""
    return lambda: f"7495{7000000 + next(_numbers)}"
