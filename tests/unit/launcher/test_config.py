"""The instance's settings: reading, checking, writing."""

import stat
from pathlib import Path

import pytest

from ats.config import PORT_FIELDS, Config, ConfigError


@pytest.fixture(autouse=True)
def _no_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATS_DB_URL", raising=False)
    monkeypatch.delenv("ATS_TOOLS", raising=False)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    config = Config.from_values(tmp_path, {"web_port": 18080, "node_name": 'a "quoted" \\ name'})
    config = config.with_secrets()
    config.save()
    assert Config.load(tmp_path) == config
    assert stat.S_IMODE((tmp_path / "config.toml").stat().st_mode) == 0o600
    assert len(config.secret_key) >= 32
    assert config.with_secrets() == config  # secrets never change by themselves


def test_a_moved_home_finds_its_database(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    Config.from_values(old, {}).save()
    old.rename(new)
    assert Config.load(new).db_url == f"sqlite:///{new}/db/ats.sqlite3"


def test_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Config.from_values(tmp_path, {}).save()
    monkeypatch.setenv("ATS_SIP_PORT", "15060")
    monkeypatch.setenv("ATS_DB_URL", "postgres://u:p@127.0.0.1:5432/ats")
    config = Config.load(tmp_path)
    assert config.sip_port == 15060
    assert config.db_scheme == "postgres"


def test_tools_are_of_the_home_unless_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Config.from_values(tmp_path, {}).tools == tmp_path / "tools"
    monkeypatch.setenv("ATS_TOOLS", str(tmp_path / "shared"))
    assert Config.from_values(tmp_path, {}).tools == tmp_path / "shared"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"web_prot": 1}, "web_prot"),
        ({"web_port": 0}, "web_port"),
        ({"web_port": 70000}, "web_port"),
        ({"web_port": "many"}, "web_port"),
        ({"listen": "example"}, "listen"),
        ({"sip_port": 5038}, "5038"),
        ({"rtp_start": 10000, "rtp_end": 10003}, "rtp_start"),
        ({"db_url": "mysql://x/y"}, "db_url"),
        ({"ami_secret": 5}, "ami_secret"),
    ],
)
def test_unusable_values_are_named(tmp_path: Path, values: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Config.from_values(tmp_path, values)


def test_a_missing_and_a_torn_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ats up"):
        Config.load(tmp_path)
    (tmp_path / "config.toml").write_text("web_port = \n")
    with pytest.raises(ConfigError, match=r"config\.toml"):
        Config.load(tmp_path)


def test_every_port_has_its_own_default() -> None:
    config = Config(home=Path("/x"), tools=Path("/x"))
    assert len({getattr(config, name) for name in PORT_FIELDS}) == len(PORT_FIELDS)
