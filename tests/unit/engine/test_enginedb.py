"""engine.db holds exactly what was asked for, and says what the engine's cache must forget."""

import sqlite3
from pathlib import Path

import pytest

from ats.engine import endpoints, enginedb
from tests.unit.engine.rows import port, trunk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "with space" / "engine.db"
    enginedb.create(place)
    return place


def ids(path: Path, table: str) -> set[str]:
    with sqlite3.connect(path) as connection:
        return {row[0] for row in connection.execute(f"SELECT id FROM {table}")}


def test_the_first_write_changes_all_and_the_second_nothing(path: Path) -> None:
    rows = [endpoints.rows(port()), endpoints.rows(port(endpoint="170002"))]
    assert len(enginedb.apply(path, 17, rows).objects) == 6
    again = enginedb.apply(path, 17, rows)
    assert again.objects == []
    assert again.gone == []


def test_only_what_differs_is_told(path: Path) -> None:
    enginedb.apply(path, 17, [endpoints.rows(port())])
    changes = enginedb.apply(path, 17, [endpoints.rows(port(password="Another-1234"))])
    assert changes.objects == [("ps_auths", "170001")]


def test_a_port_that_went_away_is_gone_everywhere(path: Path) -> None:
    enginedb.apply(path, 17, [endpoints.rows(port()), endpoints.rows(port(endpoint="170002"))])
    changes = enginedb.apply(path, 17, [endpoints.rows(port())])
    assert changes.gone == ["170002"]
    assert {table for table, name in changes.objects if name == "170002"} == set(enginedb.TABLES)
    for table in enginedb.TABLES:
        assert ids(path, table) == {"170001"}


def test_other_clients_are_not_touched(path: Path) -> None:
    enginedb.apply(path, 17, [endpoints.rows(port())])
    enginedb.apply(path, 18, [endpoints.rows(port(client_id=18, endpoint="180001"))])
    enginedb.apply(path, 18, [])
    assert ids(path, "ps_endpoints") == {"170001"}


def test_a_trunk_that_loses_its_login_loses_its_auth(path: Path) -> None:
    enginedb.apply(path, 1, [endpoints.rows(trunk(client_id=1, remote_login="me"))])
    assert ids(path, "ps_auths") == {"t33"}
    enginedb.apply(path, 1, [endpoints.rows(trunk(client_id=1))])
    assert ids(path, "ps_auths") == set()


def test_a_refused_value_leaves_everything_as_it_was(path: Path) -> None:
    enginedb.apply(path, 17, [endpoints.rows(port())])
    bad = endpoints.rows(port(endpoint="170002", caller_name="a\nb"))
    with pytest.raises(enginedb.UnsafeValue):
        enginedb.apply(path, 17, [bad])
    assert ids(path, "ps_endpoints") == {"170001"}


def test_creating_again_keeps_rows_and_adds_columns(path: Path) -> None:
    enginedb.apply(path, 17, [endpoints.rows(port())])
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE ps_endpoints DROP COLUMN language")
    enginedb.create(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT id, language FROM ps_endpoints").fetchall() == [("170001", None)]


def test_a_number_that_moves_between_clients_is_not_freed_under_the_new_one(path: Path) -> None:
    assert enginedb.claim_dids(path, 17, ["74950000001", "74950000002"]) == []
    assert enginedb.claim_dids(path, 17, ["74950000002"]) == ["74950000001"]
    enginedb.claim_dids(path, 18, ["74950000001"])
    assert enginedb.still_owned(path, 17, ["74950000001"]) == []
    enginedb.drop_dids(path, 17, ["74950000001"])
    assert enginedb.still_owned(path, 18, ["74950000001"]) == ["74950000001"]


def test_a_freed_number_is_remembered_until_it_is_out_of_the_engine(path: Path) -> None:
    enginedb.claim_dids(path, 17, ["74950000001"])
    assert enginedb.claim_dids(path, 17, []) == ["74950000001"]
    assert enginedb.claim_dids(path, 17, []) == ["74950000001"]  # as after a crash in between
    enginedb.drop_dids(path, 17, ["74950000001"])
    assert enginedb.claim_dids(path, 17, []) == []


def test_garbage_waits_and_can_be_called_back(path: Path) -> None:
    enginedb.add_garbage(path, ["c17.v4", "c17.v5"])
    assert enginedb.garbage(path, 0) == []
    enginedb.drop_garbage(path, ["c17.v5"])
    assert [name for name, _ in enginedb.garbage(path, 9e9)] == ["c17.v4"]
    enginedb.drop_garbage(path)
    assert enginedb.garbage(path, 9e9) == []
