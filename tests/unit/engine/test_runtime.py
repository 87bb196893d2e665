"""The engine's own files: complete, quoted, idempotent."""

import os
import ssl
import subprocess
from pathlib import Path

import pytest

from ats.config import Config
from ats.engine import confs, enginedb, runtime
from ats.engine.certificate import client_context
from ats.engine.enginedb import EndpointRows
from ats.engine.modules import MODULES


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(home=tmp_path / "it's a home", tools=tmp_path / "to ols", ami_secret="s", sip_port=5999)


def test_rendering_twice_changes_nothing(config: Config) -> None:
    assert runtime.render(config)
    assert runtime.render(config) == []


def test_what_the_agent_wrote_is_left_alone(config: Config) -> None:
    runtime.render(config)
    fragment = config.engine_etc / "clients" / "c17.conf"
    fragment.write_text("; version 5\n")
    runtime.render(config)
    assert fragment.read_text() == "; version 5\n"


def test_no_module_is_named_twice() -> None:
    assert len(MODULES) == len(set(MODULES))


def test_secrets_are_readable_by_the_owner_only(config: Config) -> None:
    runtime.render(config)
    assert (config.engine_etc / "manager.conf").stat().st_mode & 0o077 == 0
    assert config.engine_db.stat().st_mode & 0o077 == 0
    assert config.ami_certificate.stat().st_mode & 0o077 == 0


def test_the_command_ports_key_stays_the_same(config: Config) -> None:
    runtime.render(config)
    before = config.ami_certificate.read_bytes()
    runtime.render(config)
    assert config.ami_certificate.read_bytes() == before
    assert client_context(config.ami_certificate).verify_mode == ssl.CERT_REQUIRED


def test_the_manager_listens_on_the_loopback_only(config: Config) -> None:
    text = confs.manager_conf(config)
    assert "tlsbindaddr=127.0.0.1:" in text
    assert "enabled=no\n" in text  # the port in the clear is shut, and no event is made for nobody
    assert "read=system,command,reporting\n" in text  # no call events


def test_only_with_a_browser_among_the_telephones_there_is_ice(config: Config) -> None:
    runtime.render(config)
    ice = config.engine_etc / "rtp_ice.conf"
    assert '#include "rtp_ice.conf"' in (config.engine_etc / "rtp.conf").read_text()
    assert ice.read_text() == "icesupport=no\n"
    phones = [EndpointRows("501001", {"accountcode": "5", "webrtc": web}, {}) for web in ("no", "yes")]
    for phone, wanted in zip(phones, ("no", "yes"), strict=True):
        with enginedb.transaction(config.engine_db) as connection:
            enginedb.apply(connection, 5, [phone])
        runtime.render(config)
        assert ice.read_text() == f"icesupport={wanted}\n"


def test_sip_listens_where_the_settings_say(config: Config) -> None:
    assert "bind=127.0.0.1:5999" in confs.pjsip_conf(config)


def test_strangers_text_reaches_applications_only_filtered() -> None:
    """Whoever edits the static contexts must not pass on what a caller typed as it is."""
    from ats.engine.contexts import STATIC_CONTEXTS

    section = ""
    for line in STATIC_CONTEXTS.splitlines():
        if line.startswith("["):
            section = line
        if section == "[ats-did-in]" and "${EXTEN" in line:
            assert "FILTER(0-9," in line or "XXXXXXXXX,1," in line, line


def start(config: Config) -> str:
    """Run the start script with a stand-in for the engine's binary; returns the journal."""
    loader = Path(config.engine_command[0])
    loader.parent.mkdir(parents=True, exist_ok=True)
    loader.write_text("#!/bin/sh\nexit 0\n")
    loader.chmod(0o755)
    subprocess.run([str(runtime.start_script_path(config))], check=True, env={"PATH": os.environ["PATH"]})
    return config.journal_path.read_text()


def test_each_start_is_noted_in_the_journal(config: Config) -> None:
    runtime.render(config)
    start(config)
    first, second = start(config).splitlines()
    assert first.startswith("BOOT,")
    assert second.split(",")[1] == config.boot_id_path.read_text()
    assert float(second.split(",")[2]) >= float(first.split(",")[2])


def test_a_torn_journal_is_set_aside_whole(config: Config) -> None:
    runtime.render(config)
    config.journal_path.with_name("journal-7.csv.gz").touch()
    config.journal_path.write_text('CHAN_START\t1.0\t"torn')
    journal = start(config)
    assert journal.startswith("BOOT,")
    assert config.journal_path.with_name("journal-8.csv").read_text() == 'CHAN_START\t1.0\t"torn'
