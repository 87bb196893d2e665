"""Settings of the exchange: in force at once, secrets never shown, undone like any change."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.audit.models import AuditEntry, Outbox
from ats.calls.models import Call
from ats.clients.models import Client, User
from ats.engine.agent.build import build
from ats.mailboxes.models import Mailbox
from ats.ports import actions as port_actions
from ats.recordings import keeping
from ats.recordings import queries as recordings
from ats.recordings.models import Recording
from ats.system import queries
from tests.unit.world import World

URL = "/api/system/settings"


def change(visitor: Browser, **topics: object) -> dict[str, object]:
    answer = visitor.patch(URL, topics, content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: dict[str, object] = answer.json()
    return found


def test_mail_is_sent_by_what_is_set_and_its_password_stays_hidden(
    world: World, browser: Callable[[User], Browser]
) -> None:
    operator = browser(world.admin)
    assert (
        queries.mail_config(settings.CONFIG) == settings.CONFIG
    )  # config.toml, until somebody sets something
    said = change(
        operator, mail={"host": "mail.example.org", "port": 587, "tls": "starttls", "password": "hush-hush"}
    )
    assert said["has_mail_password"] is True
    change(operator, mail={"user": "ats", "password": ""})  # an empty one keeps it
    config = queries.mail_config(settings.CONFIG)
    assert (config.smtp_host, config.smtp_port, config.smtp_tls) == ("mail.example.org", 587, "starttls")
    assert (config.smtp_user, config.smtp_password) == ("ats", "hush-hush")
    assert b"hush-hush" not in operator.get(URL).content
    with scope(client=world.operator.pk):
        assert "hush-hush" not in str(list(AuditEntry.objects.values()))
    bad = operator.patch(URL, {"mail": {"tls": "ssl", "port": 0}}, content_type="application/json")
    assert (bad.status_code, set(bad.json()["fields"])) == (422, {"tls", "port"})


def test_new_clients_and_boxes_begin_with_the_defaults(
    world: World, browser: Callable[[User], Browser]
) -> None:
    operator = browser(world.admin)
    change(
        operator,
        defaults={"time_zone": "Asia/Omsk", "area_code": "3812", "language": "en"},
        voicemail={"max_s": 60},
    )
    made = operator.post("/api/clients", {"name": "Сибирь"}, content_type="application/json").json()
    client = Client.objects.get(pk=made["id"])
    assert (client.time_zone, client.area_code, client.language) == ("Asia/Omsk", "3812", "en")
    box = {"name": "Ящик", "box": "1"}
    operator.post(f"/api/clients/{client.pk}/mailboxes", box, content_type="application/json")
    with scope(client=client.pk):
        assert Mailbox.objects.get().max_s == 60
    shown = browser(world.keeper).get("/api/system/defaults").json()
    assert (shown["area_code"], shown["mailbox_max_s"]) == ("3812", 60)


def test_recordings_go_by_the_rule_of_the_exchange_where_a_client_has_none(
    world: World, browser: Callable[[User], Browser]
) -> None:
    change(browser(world.admin), recordings={"keep_days": 30})
    with scopes_disabled():
        for client, days in ((world.romashka, 40), (world.vega, 40), (world.vega, 20)):
            at = timezone.now() - timedelta(days=days)
            call = Call.objects.create(
                node="node1", linkedid=f"{client.pk}-{days}", client_id=client.pk, direction="internal", started_at=at,
                ended_at=at, result="answered",
            )  # fmt: skip
            Recording.objects.create(
                client=client, call=call, uniqueid="1", name=f"{client.pk}-{days}", duration_ms=1, size_bytes=1,
                started_at=at,
            )  # fmt: skip
    with scope(client=world.romashka.pk):
        own = browser(world.keeper).put(
            f"/api/clients/{world.romashka.pk}/recordings/keeping",
            {"keep_days": 0, "quota_mb": 0},
            content_type="application/json",
        )
        assert own.status_code == 200
    with scope(client=world.vega.pk):
        assert recordings.keeping_row(world.vega.pk)["keep_days"] == 30
    with scopes_disabled():
        assert keeping.expire() == 1
        assert set(Recording.objects.values_list("name", flat=True)) == {
            f"{world.romashka.pk}-40",
            f"{world.vega.pk}-20",
        }


def test_a_setting_is_taken_back_like_any_change(world: World, browser: Callable[[User], Browser]) -> None:
    operator = browser(world.admin)
    change(operator, backups={"keep": 3, "daily": False})
    with scope(client=world.operator.pk):
        entry = AuditEntry.objects.latest("pk")
    path = f"/api/clients/{world.operator.pk}/audit"
    assert {row["label"] for row in operator.get(path).json()["items"][0]["changes"]} == {
        "Хранить копий",
        "Каждый день",
    }
    assert operator.post(f"{path}/{entry.pk}/undo").status_code == 200
    assert queries.backups().keep == 7
    assert queries.backups().daily


def test_how_long_a_telephone_may_be_silent_reaches_every_client(
    world: World, browser: Callable[[User], Browser]
) -> None:
    def versions() -> dict[int, int]:
        return dict(Client.objects.values_list("pk", "version"))

    operator, before = browser(world.admin), versions()
    change(operator, talks={"warn_s": 10})
    assert versions() == before
    change(operator, talks={"silence_s": 90, "held_s": 0})
    assert versions() == {client: version + 1 for client, version in before.items()}
    assert Outbox.objects.filter(kind=Outbox.Kind.CLIENT).latest("pk").client_id in before
    with scope(client=world.romashka.pk):
        for name, extras in (("Телефон", {}), ("С камерой", {"video": True})):
            port_actions.create_port(None, world.romashka.pk, {"name": name, "extras": extras})
    with scopes_disabled():
        built = build(world.romashka.pk, {})
    assert built is not None
    found = [(row.endpoint["rtp_timeout"], row.endpoint["rtp_timeout_hold"]) for row in built.endpoints]
    assert found == [("90", "0"), ("0", "0")]
