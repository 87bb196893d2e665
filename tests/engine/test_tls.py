"""The exchange's certificate as others see it: HTTPS of the cabinet, SIP over TLS of a telephone, both real."""

import ssl
import stat
import urllib.request
from collections.abc import Callable
from pathlib import Path

from ats import certificates
from tests.harness.authority import Authority
from tests.harness.company import PASSWORD, Company
from tests.harness.instance import Instance, wait_for
from tests.harness.softphone import baresip

New = Callable[[], Company]


def shown(port: int) -> str:
    """The fingerprint of what a port shows."""
    return certificates.facts(ssl.get_server_certificate(("127.0.0.1", port)).encode()).fingerprint


def workers(instance: Instance) -> set[str]:
    """Processes that serve the cabinet; a new certificate brings others."""
    pid = instance.pid("web")
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_a_telephone_comes_by_tls(company: New, instance: Instance) -> None:
    """It registers only because the certificate fits the address; calls go both ways, with sound."""
    client = company()
    first, second = client.line("100", nat=True), client.line("101")
    client.wait_active()
    config = instance.config
    with (
        baresip(config.sips_port, first.phone.login, PASSWORD, 440, tls=config.certificate_path) as safe,
        baresip(config.sip_port, second.phone.login, PASSWORD, 880) as plain,
    ):
        assert "transport=tls" in instance.engine(f"pjsip show aor {first.phone.login}").lower()
        safe.dial("101")
        safe.wait_heard(880)
        plain.wait_heard(440)
        safe.hang_up()
        plain.wait_quiet()
        plain.dial("100")
        plain.wait_heard(440)
        safe.wait_heard(880)
        plain.hang_up()


def test_ready_settings_of_a_softphone_work(company: New, instance: Instance) -> None:
    """The line that «Для телефона» offers for baresip, as it stands."""
    client = company()
    line = client.line("100")
    client.wait_active()
    told = client.api.get(f"{client.path}/ports/{line.port_id}/credentials")
    (text,) = (one["text"] for one in told["softphones"] if one["app"] == "baresip")
    with baresip(0, line.phone.login, "", 440, account=text):
        assert f"@127.0.0.1:{instance.config.sip_port}" in text


def test_an_own_certificate_is_served_at_once(instance: Instance, tmp_path: Path) -> None:
    config, api = instance.config, instance.api
    former = config.certificate_path.read_bytes()
    signer = Authority(tmp_path)
    chain, key = signer.issue("ats.example.org", "127.0.0.1")
    served_by = workers(instance)
    before = api.get("/system/certificate")
    assert before["source"] == "generated" and before["certificate"]["self_signed"]
    assert {use["what"]: (use["on"], use["fresh"]) for use in before["uses"]} == dict.fromkeys(
        ("cabinet", "softphone", "sip"), (True, True)
    )
    try:
        said = api.put("/system/certificate", {"certificate": chain, "key": key})
        assert said["source"] == "uploaded" and said["certificate"]["names"] == [
            "ats.example.org",
            "127.0.0.1",
        ]
        assert "PRIVATE" not in str(said)
        assert stat.S_IMODE(config.certificate_path.stat().st_mode) == 0o600
        wait_for(lambda: not served_by & workers(instance), 30)
        assert shown(config.web_port) == said["certificate"]["fingerprint"]

        # Whoever trusts the signer gets in, and is told to come this way only.
        trusting = ssl.create_default_context(cafile=str(signer.path))
        with urllib.request.urlopen(f"{instance.base}/api/auth/session", context=trusting) as answer:  # noqa: S310
            assert "max-age=" in answer.headers["Strict-Transport-Security"]
            assert all("Secure" in line for line in answer.headers.get_all("Set-Cookie"))
        # The engine shows the former one until it starts anew; the page says so.
        uses = {use["what"]: use for use in api.get("/system/certificate")["uses"]}
        assert {what: use["fresh"] for what, use in uses.items()} == {
            "cabinet": True,
            "softphone": True,
            "sip": False,
        }
        assert uses["cabinet"]["shown"] is None
        assert (
            uses["sip"]["shown"]["fingerprint"]
            == shown(config.sips_port)
            != said["certificate"]["fingerprint"]
        )
    finally:
        served_by = workers(instance)
        certificates.store(config, former)
        wait_for(lambda: not served_by & workers(instance), 30)
    with urllib.request.urlopen(  # noqa: S310
        f"{instance.base}/api/health",
        context=ssl.create_default_context(cafile=str(config.certificate_path)),
    ) as answer:
        assert answer.headers["Strict-Transport-Security"] is None  # nobody would get in any more
