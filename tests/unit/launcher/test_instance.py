"""Options of `./ats up` and what they leave in the settings."""

import argparse
from pathlib import Path

import pytest

from launcher import instance
from launcher.text import LaunchError


def _settle(home: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> instance.Config:
    monkeypatch.setenv("ATS_HOME", str(home))
    monkeypatch.delenv("ATS_DB_URL", raising=False)
    parser = argparse.ArgumentParser()
    instance.add_options(parser)
    return instance.settle(parser.parse_args(words))[0]


def test_ports_are_shifted_from_the_defaults_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = _settle(tmp_path, monkeypatch, "--ports-offset", "1000", "--sip-port", "5999")
    again = _settle(tmp_path, monkeypatch, "--ports-offset", "1000", "--sip-port", "5999")
    assert once == again == _settle(tmp_path, monkeypatch)
    assert (once.web_port, once.sip_port, once.rtp_start) == (9080, 5999, 11000)
    assert (once.h323_tcp_start, once.h323_tcp_end) == (13030, 13230)


def test_wrong_options_leave_the_old_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _settle(tmp_path, monkeypatch)
    with pytest.raises(LaunchError, match="99999"):
        _settle(tmp_path, monkeypatch, "--web-port", "99999")
    assert _settle(tmp_path, monkeypatch) == before


def test_a_home_too_long_for_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LaunchError, match="88"):
        _settle(tmp_path / ("x" * 100), monkeypatch)


def test_a_home_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LaunchError, match="/proc/no"):
        _settle(Path("/proc/no"), monkeypatch)
