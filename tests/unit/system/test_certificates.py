"""The exchange's certificate: what is taken, what is refused and in which words, what renews itself."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.test import Client as Browser
from django_scopes import scope

from ats import certificates
from ats.audit.models import AuditEntry
from ats.clients.models import User
from ats.config import Config, ConfigError
from ats.engine.models import Node
from ats.errors import Invalid
from tests.harness.authority import Authority, pem_of
from tests.unit.world import World

URL = "/api/system/certificate"
NOW = datetime.now(UTC)


@pytest.fixture
def signer(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(home=tmp_path, tools=tmp_path)


@pytest.fixture
def own() -> Iterator[None]:
    """The installation of these tests has a certificate of its own for a while."""
    certificates.ensure(settings.CONFIG, NOW)
    yield
    settings.CONFIG.certificate_path.unlink()


def refusal(certificate: str, key: str) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        certificates.checked(certificate.encode(), key.encode(), NOW)
    ((field, fault),) = caught.value.fields.items()
    return field, fault.code


def test_what_cannot_be_served_is_refused_by_field(signer: Authority) -> None:
    chain, key = signer.issue("ats.example.org")
    _, another = signer.issue("ats.example.org")
    over, over_key = signer.issue("ats.example.org", begins_in=-91, days=90)
    early, early_key = signer.issue("ats.example.org", begins_in=2)
    curve = ec.generate_private_key(ec.SECP256R1())
    rare = ed25519.Ed25519PrivateKey.generate()
    rare_pem = rare.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert refusal("", key) == ("certificate", "bad_certificate")
    assert refusal("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key) == (
        "certificate",
        "bad_certificate",
    )
    assert refusal(chain, "") == ("key", "bad_private_key")
    assert refusal(chain, chain) == ("key", "bad_private_key")
    assert refusal(chain, key.replace("M", "!", 3)) == ("key", "bad_private_key")
    assert refusal(chain, pem_of(curve, "secret")) == ("key", "key_encrypted")
    assert refusal(chain, another) == ("key", "key_mismatch")
    assert refusal(chain, rare_pem) == ("key", "key_kind")
    assert refusal(over, over_key) == ("certificate", "certificate_over")
    assert refusal(early, early_key) == ("certificate", "certificate_early")


def test_the_certificate_of_the_key_comes_first_and_one_text_may_hold_both(signer: Authority) -> None:
    chain, key = signer.issue("ats.example.org", "192.0.2.7")
    middle = chain.index("-----BEGIN", 1)
    turned = chain[middle:] + chain[:middle]
    pem = certificates.checked(f"{turned}{key}".encode(), b"", NOW)
    assert pem.count(b"BEGIN CERTIFICATE") == 2 and pem.count(b"BEGIN PRIVATE KEY") == 1
    found = certificates.facts(pem)
    assert (found.names, found.self_signed, found.ours) == (("ats.example.org", "192.0.2.7"), False, False)
    assert found.days_left(found.not_after - timedelta(days=5, seconds=1)) == 5


def test_one_of_our_own_is_made_and_renewed_but_nobody_elses_is_touched(
    config: Config, signer: Authority
) -> None:
    assert certificates.ensure(config, NOW)
    first = certificates.present(config)
    assert first is not None and first.ours and "localhost" in first.names
    assert stat.S_IMODE(config.certificate_path.stat().st_mode) == 0o600
    assert not certificates.ensure(config, NOW)
    assert certificates.ensure(config, first.not_after - timedelta(days=20))
    chain, key = signer.issue("ats.example.org")
    certificates.store(config, certificates.checked(chain.encode(), key.encode(), NOW))
    assert not certificates.ensure(config, NOW + timedelta(days=400))


def test_files_of_somebody_elses_are_followed_while_they_are_good(config: Config, signer: Authority) -> None:
    chain, key = (config.home / name for name in ("chain.pem", "key.pem"))
    following = replace(config, certificate=str(chain), certificate_key=str(key))
    assert certificates.ensure(following, NOW)  # none yet: one of our own serves meanwhile
    trouble = certificates.trouble(following, NOW)
    assert trouble is not None and trouble.fields["certificate"].code == "file_unreadable"
    for _ in range(2):
        texts = signer.issue("ats.example.org")
        chain.write_text(texts[0])
        key.write_text(texts[1])
        assert certificates.ensure(following, NOW)
        assert certificates.trouble(following, NOW) is None
        assert not certificates.ensure(following, NOW)
    served = certificates.present(following)
    key.write_text(signer.issue("ats.example.org")[1])  # half of a renewal
    assert not certificates.ensure(following, NOW)
    assert certificates.present(following) == served
    with pytest.raises(ConfigError):
        replace(config, certificate_key=str(key)).check()


def test_switches_of_the_file(tmp_path: Path) -> None:
    """TOML has them as true and false, the environment and people in other words."""
    for said, meant in ((True, True), ("on", True), ("0", False), ("false", False)):
        assert Config.from_values(tmp_path, {"https": said}).https is meant
    with pytest.raises(ConfigError):
        Config.from_values(tmp_path, {"https": "perhaps"})
    replace(Config.from_values(tmp_path, {}), https=True).save()
    assert "https = true" in (tmp_path / "config.toml").read_text()
    assert Config.load(tmp_path).https is True


def test_the_operator_uploads_and_nobody_sees_the_key(
    world: World, browser: Callable[[User], Browser], own: None, signer: Authority
) -> None:
    operator = browser(world.admin)
    chain, key = signer.issue("ats.example.org", days=20)
    body = {"certificate": chain, "key": key}
    bad = operator.put(
        URL, {**body, "key": pem_of(ec.generate_private_key(ec.SECP256R1()))}, "application/json"
    )
    assert (bad.status_code, set(bad.json()["fields"])) == (422, {"key"})
    said = operator.put(URL, body, "application/json")
    assert said.status_code == 200, said.content
    assert said.json()["source"] == "uploaded" and said.json()["certificate"]["days_left"] == 18
    with scope(client=world.operator.pk):
        entry = AuditEntry.objects.get(object_type="setting")
        assert entry.after["subject"] == "CN=ats.example.org"
    for shown in (said.content, operator.get(URL).content, str(vars(entry)).encode()):
        assert b"PRIVATE" not in shown
    # It ends soon: the operator's overview says so, a client's does not.
    for client, expected in ((world.operator, True), (world.vega, False)):
        attention = operator.get(f"/api/clients/{client.pk}/overview").json()["attention"]
        assert ({"code": "certificate_ends", "count": 18} in attention) is expected
    back = operator.delete(URL).json()
    assert (back["source"], back["certificate"]["self_signed"]) == ("generated", True)


def test_a_restart_of_the_engine_cuts_no_more_calls_than_were_told(
    world: World, browser: Callable[[User], Browser], own: None
) -> None:
    """Who agreed to end two is asked again when there are three; without a supervisor nothing is noted as done."""
    Node.objects.create(name=settings.CONFIG.node_name, calls=3, heartbeat_at=datetime.now(UTC))
    operator = browser(world.admin)
    Node.objects.create(name="node2", heartbeat_at=datetime.now(UTC))
    told = operator.get(URL).json()
    # The button reaches one engine; whose go on as they are is said.
    assert (told["calls_now"], told["node"], told["other_nodes"]) == (3, settings.CONFIG.node_name, ["node2"])
    for agreed, code in ((2, "more_calls_now"), (3, "no_supervisor")):
        refused = operator.post("/api/system/engine/restart", {"calls": agreed}, "application/json")
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    with scope(client=world.operator.pk):
        assert not AuditEntry.objects.filter(verb="restart").exists()
