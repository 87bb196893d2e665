"""The database server dies by kill -9 under paid calls, with our own parts besides: an installation of its own."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ats.config import Config, home_from_env, tools_from_env
from launcher import counterparts, testdb
from launcher.process import ProcessGroup
from tests.harness.city import City
from tests.harness.company import Company
from tests.harness.instance import Instance, wait_for
from tests.harness.money import UNIT, Till, hundred_calls, nothing_is_lost

CITY_NUMBER = "84951112233"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[testdb.Server]:
    config = Config(home=tmp_path, tools=tools_from_env(home_from_env()))
    group = ProcessGroup(tmp_path / "postgres.log")
    absent = counterparts.provide(config, [counterparts.POSTGRES], group)
    if absent:
        pytest.fail(absent["postgres"])
    with testdb.server(config, group) as running:
        yield running


def test_a_hundred_calls_on_one_cap_while_everything_dies(database: testdb.Server, tmp_path: Path) -> None:
    """Fewer may get out, never more; everything comes back by itself, and nothing stays reserved or is lost."""
    with Instance(db_url=database.url) as instance:
        city = City(instance, "127.0.0.58", "127.0.0.59")
        client = Company(instance, "Клиент")
        line = client.line("100")
        client.external("74957000001")
        cap = 60 * 6 * UNIT + 5
        till = Till(client, {"price": 6 * UNIT, "first_s": 60, "next_s": 60}, daily_cap=cap)
        client.wait_active()
        line.phone.register()
        killer = threading.Thread(target=_kill, args=(instance, database))
        killer.start()
        try:
            hundred_calls(city, line, CITY_NUMBER, tmp_path, talk_ms=6_000)
        finally:
            killer.join()
        assert nothing_is_lost(till, 100) > 0
        # Every part is back, by itself: another call goes out, is charged, and a change reaches the engine.
        till.api.patch(f"/billing/accounts/{till.id}", {"daily_cap": 10 * cap})
        client.wait_active()
        waiting = city.first.answer()
        line.phone.call(CITY_NUMBER, talk_ms=500)
        waiting.wait()
        wait_for(lambda: client.calls(101)[0]["cost"] == 6 * UNIT, 20)


def _kill(instance: Instance, database: testdb.Server) -> None:
    """kill -9 of the database server and of our own parts while calls are set up, talk, and end."""
    dice = random.Random(11)
    for victim in ("authoriser", "database", "worker", "agent", "database"):
        time.sleep(dice.uniform(0.5, 1.5))
        if victim == "database":
            database.kill()
            time.sleep(dice.uniform(0.2, 1.0))
            database.start_again()
        elif pid := instance.pid(victim):
            os.kill(pid, signal.SIGKILL)
