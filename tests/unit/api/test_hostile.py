"""Nonsense in every field of every operation: a clear refusal or a clean acceptance, never a failure inside.

`ATS_HOSTILE=all` tries every value in every field (a minute); by default a few hundred of them, the same ones
in each run.
"""

import json
import os
import random
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

from django.test import Client as Browser
from django_scopes import scope

from ats.api.app import api
from ats.classifiers.models import Classifier
from ats.clients.models import User
from ats.conferences import actions as conferences
from ats.forwarding.models import Forwarding
from ats.media.models import Package, Sound
from ats.numbering import actions as numbering
from ats.pickup import actions as pickup
from ats.ports import actions as ports
from ats.queues import actions as queues
from tests.unit.api.test_tenancy import operations
from tests.unit.world import World

NASTY: list[Any] = [
    None, True, 0, -1, 1.5, 2**63, 10**30, "", " ", "x" * 5000, "\x00", "a\r\nb", "\ud800", "‮abc", "'; DROP TABLE x",
    "${SHELL(id)}", "../../etc/passwd", "<script>alert(1)</script>", "24:00", "2026-13-45", [], [None], [[]], [-1],
    ["x"], {}, {"kind": "port"}, "NaN", "☎" * 90,
]  # fmt: skip
SAMPLE = 200
QUERIES = ["", "-1", "x", "\x00", "9" * 40, "%", "-", "--name", "name__in", "☎", "2026-01-01T00:00:00+99:00"]


@cache
def description() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str))


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    return description()["components"]["schemas"][name] if name else schema


def paths_of(schema: dict[str, Any], prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body, down into its objects and lists."""
    found = []
    for name, part in resolve(schema).get("properties", {}).items():
        here = (*prefix, name)
        found.append(here)
        found += paths_of(part, here)
        if part.get("type") == "array":
            found += paths_of(part["items"], (*here, 0))
    return found


def replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(body))
    place = copy
    for key in path[:-1]:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    place[path[-1]] = value
    return copy


def valid_bodies(number_id: int, port_id: int) -> dict[str, Any]:
    step = {"level": 1, "action": {"kind": "port", "port_id": port_id}, "targets": {}, "calendar": {}}
    return {
        "create_client": {"name": "Н"},
        "create_user": {"login": "newcomer", "password": "Correct-Horse-7"},
        "create_internal_number": {"digits": "555"},
        "allot_external_number": {"number_id": 1},
        "save_dialplan": {"revision": 0, "steps": [step]},
        "create_port": {"name": "П"},
        "create_menu": {"name": "М", "keys": [{"key": "1", "number_id": number_id}]},
        "update_menu": {"keys": [{"key": "1", "number_id": number_id}]},
        "create_mailbox": {"name": "Я", "box": "100"},
        "create_classifier": {"name": "К"},
        "create_contact": {"clip": "+79160000000"},
        "create_forwarding": {"name": "Ф", "digits": "+79160000000"},
        "add_holiday": {"day": "2027-01-01"},
        "add_to_pool": {"digits": "+74951110000"},
        "create_route": {"trunk_ids": [port_id]},
        "create_token": {"name": "Т"},
        "create_queue": {"name": "Очередь", "agents": [{"port_id": port_id}]},
        "update_queue": {"agents": [{"port_id": port_id}]},
        "create_pickup_group": {"group": 3, "name": "Г"},
        "create_conference": {"name": "К"},
        "save_codes": {"codes": {"echo": "*44"}},
        "login": {"login": "x", "password": "y"},
        "change_password": {"old": "x", "new": "y"},
    }


def attempts(world: World) -> list[tuple[str, str, str, Any, tuple[Any, ...], Any]]:
    """(operation, method, path, body, place in it, what to put there) for all values in all places."""
    with scope(client=world.romashka.pk):
        number = numbering.create_internal(None, world.romashka.pk, {"digits": "100"})
        port = ports.create_port(None, world.romashka.pk, {"name": "Линия"})
        sound = Sound.objects.create(client=world.romashka, name="Звук")
        queue = queues.create_queue(None, world.romashka.pk, {"name": "О", "agents": [{"port_id": port.pk}]})
        group = pickup.create_group(None, world.romashka.pk, {"group": 1, "name": "Г"})
        room = conferences.create_conference(None, world.romashka.pk, {"name": "К"})
        agent = queue.agents.get()
        package = Package.objects.create(client=world.romashka, name="Пакет")
        classifier = Classifier.objects.create(client=world.romashka, name="Список")
        forwarding = Forwarding.objects.create(client=world.romashka, name="Дача", digits="79161112233")
    ids = {
        "client_id": world.romashka.pk, "number_id": number.pk, "port_id": port.pk, "sound_id": sound.pk,
        "user_id": world.plain.pk, "route_id": 1, "queue_id": queue.pk, "group_id": group.pk, "agent_id": agent.pk,
        "conference_id": room.pk, "package_id": package.pk, "language": "en",
        "scope": "port", "object_id": port.pk,
        "classifier_id": classifier.pk, "forwarding_id": forwarding.pk,
    }  # fmt: skip
    bodies = valid_bodies(number.pk, port.pk)
    found = []
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None:
                continue
            body = bodies.get(operation["operationId"], {})
            for place in paths_of(content["schema"]):
                address = path.format_map(defaultdict(lambda: 1, ids))
                found += [(operation["operationId"], method, address, body, place, value) for value in NASTY]
    return found


def test_no_value_in_any_field_makes_a_failure_inside(
    world: World, browser: Callable[[User], Browser]
) -> None:
    described = description()["paths"].items()
    names = {(one["operationId"], method, path) for path, ways in described for method, one in ways.items()}
    assert set(operations()) == names, "the operations walked elsewhere are the described ones"
    everything = attempts(world)
    assert len(everything) > 2000
    chosen = (
        everything if os.environ.get("ATS_HOSTILE") == "all" else random.Random(7).sample(everything, SAMPLE)
    )
    admin = browser(world.admin)
    for name, method, path, whole, place, value in chosen:
        body = replaced(whole, place, value)
        answer = getattr(admin, method)(path, json.dumps(body), content_type="application/json")
        assert answer.status_code < 500, (name, body, answer.content)
        if answer.status_code >= 400:
            assert set(answer.json()) == {"code", "message", "fields"}, (name, body)


def test_no_query_makes_a_failure_inside(world: World, browser: Callable[[User], Browser]) -> None:
    admin = browser(world.admin)
    base = f"/api/clients/{world.romashka.pk}"
    for path in ("/api/pool/numbers", f"{base}/calls"):
        for name in ("page", "page_size", "search", "sort", "from", "to", "direction", "result"):
            for value in (
                "",
                "-1",
                "x",
                "\x00",
                "9" * 40,
                "%",
                "-",
                "--name",
                "name__in",
                "☎",
                "2026-01-01T00:00:00+99:00",
            ):
                answer = admin.get(path, {name: value})
                assert answer.status_code in (200, 422), (path, name, value, answer.content)
