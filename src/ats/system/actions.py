"""Changes to the settings of the exchange."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.db import transaction

from ats import checks
from ats.audit.actions import Actor, record
from ats.system import queries
from ats.system.models import Setting
from ats.system.topics import TOPICS, Topic, plain

# Field of a topic → what must happen in the same transaction when it changes. Rooms above put theirs in here: what
# the engine nodes are told is not known to this one.
FOLLOWED: dict[str, Callable[[], None]] = {}


class Operator(Actor, Protocol):
    """Who may change them: one of the operator's people."""

    @property
    def client_id(self) -> Any: ...


@transaction.atomic
def save_topic(actor: Operator, name: str, values: Mapping[str, Any]) -> Topic:
    """Change one topic; only the fields given, and an empty password leaves it as it is. Raises Invalid."""
    kind = TOPICS[name]
    accepted = checks.clean(values, kind.CHECKS)
    if accepted.get("password") == "":
        del accepted["password"]
    row, _ = Setting.objects.select_for_update().get_or_create(topic=name)
    before = plain(queries.topic(name))
    row.values = {**row.values, **accepted}
    row.save()
    now: Topic = queries.topic(name)
    after = {field: value for field, value in plain(now).items() if value != before[field]}
    if after:
        record(
            actor,
            actor.client_id,
            "update",
            row,
            before={field: before[field] for field in after},
            after=after,
        )
    for follow in {FOLLOWED[key] for field in after if (key := f"{name}.{field}") in FOLLOWED}:
        follow()
    return now
