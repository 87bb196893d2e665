"""Events reach the receiver in order, signed, exactly the client's own, and wait while it is down."""

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.calls.models import Call
from ats.clients.models import User
from ats.errors import Invalid, Missing
from ats.webhooks import actions
from ats.webhooks.courier import deliver_due, signature
from ats.webhooks.models import Webhook
from tests.unit.world import World, make_user


class Receiver:
    """A real HTTP server on loopback that keeps what it is sent and answers `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[dict[str, str], bytes]] = []
        keep = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                keep.got.append((dict(self.headers), body))
                self.send_response(keep.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ats?x=1"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def ids(self) -> list[str]:
        return [event["id"] for _, body in self.got for event in json.loads(body)["events"]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def hook_of(client_id: int, url: str, **values: Any) -> Webhook:
    with scope(client=client_id):
        return actions.create_webhook(
            None, client_id, {"name": "CRM", "url": url, "events": ["call"], **values}
        )


def add_call(client_id: int, linkedid: str) -> Call:
    now = timezone.now()
    with scope(client=client_id):
        return Call.objects.create(
            node="node1", linkedid=linkedid, client_id=client_id, direction="in", started_at=now, ended_at=now,
            result="answered", caller="<script>", called="74950000001",
        )  # fmt: skip


def due_now() -> None:
    with scopes_disabled():
        Webhook.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_calls_are_told_in_order_signed_and_once(world: World, receiver: Receiver) -> None:
    client_id = world.romashka.pk
    add_call(client_id, "before")
    hook = hook_of(client_id, receiver.url)
    calls = [add_call(client_id, f"c{n}") for n in range(60)]
    add_call(world.vega.pk, "foreign")
    assert [deliver_due(), deliver_due(), deliver_due()] == [50, 10, 0]
    assert receiver.ids() == [f"call-{call.pk}" for call in calls]
    headers, body = receiver.got[0]
    stamp, given = (part.split("=", 1)[1] for part in headers["X-ATS-Signature"].split(","))
    assert given == signature(hook.secret, stamp, body)
    event = json.loads(body)["events"][0]
    assert (event["event"], event["client_id"], event["data"]["caller"]) == ("call", client_id, "<script>")


@pytest.mark.parametrize("status", [500, 302, 404])
def test_what_is_not_taken_waits_and_nothing_is_lost(world: World, receiver: Receiver, status: int) -> None:
    client_id = world.romashka.pk
    hook_of(client_id, receiver.url)
    first = add_call(client_id, "1")
    receiver.status = status
    assert deliver_due() == 0
    with scopes_disabled():
        hook = Webhook.objects.get()
    assert (hook.failures, hook.error) == (1, f"HTTP {status}")
    assert hook.next_try_at > timezone.now()
    assert deliver_due() == 0, "not before its time"
    assert len(receiver.got) == 1
    second = add_call(client_id, "2")
    receiver.status = 204
    receiver.got.clear()
    due_now()
    assert deliver_due() == 2
    assert receiver.ids() == [f"call-{first.pk}", f"call-{second.pk}"]
    with scopes_disabled():
        assert Webhook.objects.get().failures == 0


def test_a_receiver_that_is_not_there_is_no_harm(world: World, receiver: Receiver) -> None:
    hook_of(world.romashka.pk, "http://127.0.0.1:9/")
    hook_of(world.vega.pk, receiver.url)
    add_call(world.romashka.pk, "1")
    add_call(world.vega.pk, "2")
    assert deliver_due() == 1, "one that is down does not hold up another"


def test_the_operators_hook_is_told_of_every_client(world: World, receiver: Receiver) -> None:
    hook_of(world.operator.pk, receiver.url)
    calls = [add_call(world.romashka.pk, "1"), add_call(world.vega.pk, "2")]
    assert deliver_due() == 2
    assert receiver.ids() == [f"call-{call.pk}" for call in calls]


def test_a_clients_user_cannot_reach_into_our_network(world: World, receiver: Receiver) -> None:
    with scope(client=world.romashka.pk):
        actions.create_webhook(
            world.keeper, world.romashka.pk, {"name": "x", "url": receiver.url, "events": ["call"]}
        )
    add_call(world.romashka.pk, "1")
    assert deliver_due() == 0
    assert receiver.got == []
    with scopes_disabled():
        assert Webhook.objects.get().error == "private address"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "http://",
        "http://user:secret@a.example/",
        "http://a b/",
        "javascript:alert(1)",
        "",
    ],
)
def test_addresses_that_are_none_are_refused(world: World, url: str) -> None:
    with pytest.raises(Invalid) as caught:
        hook_of(world.romashka.pk, url)
    assert list(caught.value.fields) == ["url"]


def test_another_clients_hook_is_not_there(world: World) -> None:
    hook = hook_of(world.vega.pk, "https://a.example/")
    with scope(client=world.romashka.pk), pytest.raises(Missing):
        actions.delete_webhook(None, hook.pk)


@pytest.mark.parametrize(
    ("own", "besides", "expected"),
    [
        ("romashka", [], 403),  # an employee who may use the callback application
        ("romashka", ["view_own_cdr", "view_users"], 403),
        ("romashka", ["view_users_cdr", "view_users"], 201),
        ("operator", ["view_users_cdr", "view_users"], 403),  # its hooks tell of every client
        ("operator", ["view_clients_cdr", "view_clients"], 201),
    ],
)
def test_nobody_has_told_what_he_may_not_see(
    world: World, browser: Any, own: str, besides: list[str], expected: int
) -> None:
    client = getattr(world, own)
    user = make_user(client, "robot", "client_user")
    with scopes_disabled():
        User.objects.filter(pk=user.pk).update(rights=["http_login", "view_own", "web_services", *besides])
    hook = {"name": "x", "url": "https://a.example/", "events": ["call"]}
    made = browser(user).post(f"/api/clients/{client.pk}/webhooks", hook, content_type="application/json")
    assert made.status_code == expected
