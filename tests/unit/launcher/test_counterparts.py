"""Optional programs of tests: what needs root is skipped with that reason, what is missing is a failure."""

import json
from pathlib import Path

import pytest

from ats.config import Config
from launcher import counterparts
from launcher.process import ProcessGroup
from tests.harness import optional


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(home=tmp_path / "home", tools=tmp_path / "tools")


def test_without_root_the_reason_is_told(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    group = ProcessGroup(tmp_path / "log")
    absent = counterparts.provide_optional(config, (counterparts.HYLAFAX,), group)
    assert list(absent) == ["faxq"]
    env = counterparts.environment(config, absent)
    assert json.loads(env[counterparts.ABSENT]) == absent
    monkeypatch.setenv(counterparts.ABSENT, env[counterparts.ABSENT])
    with pytest.raises(pytest.skip.Exception, match="root"):
        optional.program("faxq")


def test_one_that_could_not_be_fetched_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(counterparts.ABSENT, raising=False)
    with pytest.raises(pytest.fail.Exception, match="no-such-program"):
        optional.program("no-such-program")


def test_a_fax_server_of_the_machine_itself_is_left_alone(config: Config) -> None:
    """Only the unpacked copy is ever run, whatever stands in PATH."""
    assert counterparts.find(config, counterparts.HYLAFAX) is None
    script = counterparts.bin_dir(config) / "faxq"
    script.parent.mkdir(parents=True)
    script.write_text("#!/bin/sh\n")
    assert counterparts.find(config, counterparts.HYLAFAX) == str(script)
