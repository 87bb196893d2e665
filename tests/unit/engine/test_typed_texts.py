"""Names and captions, whatever is typed into them, change nothing the engine is given but what telephones show."""

import random
import re
from dataclasses import replace

from django.apps import apps
from django.db.models import CharField, Model, TextField
from django_scopes import scope, scopes_disabled

from ats.engine import endpoints, enginedb
from ats.engine.agent.build import Built, build
from ats.errors import Invalid
from ats.numbering import dialplan_actions
from ats.ports import actions as ports
from tests.unit.api.test_tenancy import things_of
from tests.unit.dialplan.test_fuzz import PIECES
from tests.unit.engine.rows import port as port_row
from tests.unit.world import World

ROUNDS = 40
ALWAYS = {"days": [1, 2, 3, 4, 5, 6, 7], "time_from": "00:00", "time_to": "24:00"}
NAMES = 10_000
TYPED = ("name", "description", "title", "author")
SHOWN = re.compile(r'"((?:[^"\\]|\\.)*)" <([0-9]+)>\Z', re.DOTALL)


def hostile(chance: random.Random) -> str:
    return "".join(chance.choices(PIECES, k=chance.randint(1, 4)))


def typed_columns() -> list[tuple[type[Model], list[str]]]:
    """Every column of every table of ours that holds what somebody called something."""
    found = []
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField) and field.name in TYPED and not field.unique
        ]
        if names and model.__module__.startswith("ats."):
            found.append((model, names))
    return found


def test_no_name_or_caption_reaches_the_dialplan(world: World) -> None:
    things = things_of(world.romashka, world.keeper, world.free_ids[0])
    with scope(client=things.client_id):
        actions = [
            {"kind": "classifier", "classifier_id": things.classifier_id},
            {"kind": "queue", "queue_id": things.queue_id},
            {"kind": "menu", "menu_id": things.menu_id},
            {"kind": "forwarding", "forwarding_id": things.forwarding_id},
            {"kind": "mailbox", "mailbox_id": things.mailbox_id},
            {"kind": "conference", "conference_id": things.conference_id},
            {"kind": "port", "port_id": things.port_id},
        ]
        steps = [
            {"level": level, "action": action, "calendar": ALWAYS} for level, action in enumerate(actions, 1)
        ]
        dialplan_actions.save_dialplan(None, things.number_id, 0, steps)
    plain = _built(things.client_id)
    columns = typed_columns()
    assert len(columns) > 12, columns
    chance = random.Random(7)
    with scopes_disabled():
        for _ in range(ROUNDS):
            for model, names in columns:
                for key in model.objects.values_list("pk", flat=True):
                    # Some names are unique. No NUL: one of the databases cannot hold it.
                    values = {name: f"{hostile(chance).replace(chr(0), '')[:30]}{key}"[:40] for name in names}
                    model.objects.filter(pk=key).update(**values)
            found = _built(things.client_id)
            assert found.text == plain.text
            assert (found.trunks, found.music, found.queues) == (plain.trunks, plain.music, plain.queues)
            for one, before in zip(found.endpoints, plain.endpoints, strict=True):
                was = before.endpoint["callerid"]
                assert one == replace(before, endpoint={**one.endpoint})
                assert {**one.endpoint, "callerid": was} == before.endpoint
                assert SHOWN.match(one.endpoint["callerid"])


def _built(client_id: int) -> Built:
    found = build(client_id, {})
    assert found is not None
    return found


def test_a_telephones_name_stays_in_its_quotes() -> None:
    chance = random.Random(8)
    for _ in range(NAMES):
        name = hostile(chance)
        shown = endpoints.rows(port_row(caller_name=name, caller_number="100")).endpoint["callerid"]
        match = SHOWN.match(shown)
        assert match, name
        assert re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL) == name
        assert match[2] == "100"


def test_what_the_cabinet_accepts_the_engine_takes(world: World) -> None:
    chance = random.Random(9)
    accepted = 0
    with scope(client=world.romashka.pk):
        port = ports.create_port(None, world.romashka.pk, {"name": "Линия"})
        for _ in range(60):
            name = hostile(chance)
            try:
                ports.update_port(None, port.pk, {"name": name})
            except Invalid:
                continue
            accepted += 1
            built = _built(world.romashka.pk)
            for one in built.endpoints:
                for value in one.endpoint.values():
                    enginedb.checked(value)
    assert accepted > 15
