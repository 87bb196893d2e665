"""One real installation (engine, agent, worker, web) for all engine tests; each test makes its own clients."""

import itertools
import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from tests.harness.company import Company
from tests.harness.instance import Instance

_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays with one process, which has what the file started; the scenarios, a third of all time, with two."""
    played = [item for item in items if item.path.stem == "test_scenarios"]
    late = {item.nodeid for item in played[len(played) // 2 :]}  # they stand in the order of their clocks
    for item in items:
        group = f"{item.path.stem}-late" if item.nodeid in late else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def instance() -> Iterator[Instance]:
    # Shares of counted limits are small, so that a test's call lives to be given another.
    base = _base_of_this_worker(os.environ.get("ATS_TEST_ENGINE_DB"))
    with Instance(db_url=base, counted_hold_s=4, https=True) as running:
        yield running


def _base_of_this_worker(url: str | None) -> str | None:
    """Several processes share the tests: each has an installation of its own, and a database of its own for it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if url is None or worker is None:
        return url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"engine_{worker}")))
    return f"{url.rsplit('/', 1)[0]}/engine_{worker}"


@pytest.fixture
def company(instance: Instance) -> Callable[[], Company]:
    """Makes a fresh client at each call."""
    return lambda: Company(instance, f"Клиент {next(_numbers)}")


@pytest.fixture
def free_did() -> Callable[[], str]:
    """External numbers no other test uses."""
    return lambda: f"7495{7000000 + next(_numbers)}"
