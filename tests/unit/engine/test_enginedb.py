"""engine.db holds exactly what was asked for, and says what the engine's cache must forget."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ats.engine import endpoints, enginedb
from tests.unit.engine.rows import port, trunk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "with space" / "engine.db"
    enginedb.create(place)
    return place


def run(path: Path, function: Callable[..., Any], *args: Any) -> Any:
    """The function in a transaction of its own."""
    with enginedb.transaction(path) as connection:
        return function(connection, *args)


def ids(path: Path, table: str) -> set[str]:
    with sqlite3.connect(path) as connection:
        return {row[0] for row in connection.execute(f"SELECT id FROM {table}")}


def test_new_rows_and_unchanged_rows_are_nothing_to_forget(path: Path) -> None:
    rows = [endpoints.rows(port()), endpoints.rows(port(endpoint="170002"))]
    for _ in range(2):
        changes = run(path, enginedb.apply, 17, rows)
        assert changes.objects == []
        assert changes.gone == []
    for table in enginedb.TABLES:
        assert ids(path, table) == {"170001", "170002"}


def test_only_what_differs_is_told(path: Path) -> None:
    run(path, enginedb.apply, 17, [endpoints.rows(port())])
    changes = run(path, enginedb.apply, 17, [endpoints.rows(port(password="Another-1234"))])
    assert changes.objects == [("ps_auths", "170001")]


def test_a_port_that_went_away_is_gone_everywhere(path: Path) -> None:
    run(path, enginedb.apply, 17, [endpoints.rows(port()), endpoints.rows(port(endpoint="170002"))])
    changes = run(path, enginedb.apply, 17, [endpoints.rows(port())])
    assert changes.gone == ["170002"]
    assert {table for table, name in changes.objects if name == "170002"} == set(enginedb.TABLES)
    for table in enginedb.TABLES:
        assert ids(path, table) == {"170001"}


def test_other_clients_are_not_touched(path: Path) -> None:
    run(path, enginedb.apply, 17, [endpoints.rows(port())])
    run(path, enginedb.apply, 18, [endpoints.rows(port(client_id=18, endpoint="180001"))])
    run(path, enginedb.apply, 18, [])
    assert ids(path, "ps_endpoints") == {"170001"}


def test_a_trunk_that_loses_its_login_loses_its_auth(path: Path) -> None:
    run(path, enginedb.apply, 1, [endpoints.rows(trunk(client_id=1, remote_login="me"))])
    assert ids(path, "ps_auths") == {"t33"}
    run(path, enginedb.apply, 1, [endpoints.rows(trunk(client_id=1))])
    assert ids(path, "ps_auths") == set()


def test_a_refused_value_leaves_everything_as_it_was(path: Path) -> None:
    run(path, enginedb.apply, 17, [endpoints.rows(port())])
    bad = endpoints.rows(port(endpoint="170002", caller_name="a\nb"))
    with pytest.raises(enginedb.UnsafeValue):
        run(path, enginedb.apply, 17, [bad])
    assert ids(path, "ps_endpoints") == {"170001"}


def test_creating_again_keeps_rows_and_adds_columns(path: Path) -> None:
    run(path, enginedb.apply, 17, [endpoints.rows(port())])
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE ps_endpoints DROP COLUMN language")
    enginedb.create(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT id, language FROM ps_endpoints").fetchall() == [("170001", None)]


def test_a_number_that_moves_between_clients_is_not_freed_under_the_new_one(path: Path) -> None:
    assert run(path, enginedb.claim_dids, 17, ["74950000001", "74950000002"]) == []
    assert run(path, enginedb.claim_dids, 17, ["74950000002"]) == ["74950000001"]
    run(path, enginedb.claim_dids, 18, ["74950000001"])
    assert run(path, enginedb.dids_of, 17) == ["74950000002"]
    run(path, enginedb.drop_dids, 17, ["74950000001"])
    assert run(path, enginedb.dids_of, 18) == ["74950000001"]


def test_a_freed_number_is_remembered_until_it_is_out_of_the_engine(path: Path) -> None:
    run(path, enginedb.claim_dids, 17, ["74950000001"])
    assert run(path, enginedb.claim_dids, 17, []) == ["74950000001"]
    assert run(path, enginedb.claim_dids, 17, []) == ["74950000001"]  # as after a crash in between
    run(path, enginedb.drop_dids, 17, ["74950000001"])
    assert run(path, enginedb.claim_dids, 17, []) == []


def test_garbage_waits_and_can_be_called_back(path: Path) -> None:
    run(path, enginedb.add_garbage, ["c17.v4", "c17.v5"])
    assert run(path, enginedb.garbage, 0) == []
    run(path, enginedb.drop_garbage, ["c17.v5"])
    assert [name for name, _ in run(path, enginedb.garbage, 9e9)] == ["c17.v4"]
    run(path, enginedb.drop_garbage)
    assert run(path, enginedb.garbage, 9e9) == []
