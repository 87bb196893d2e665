"""For each kind of thing in the audit: the actions that can take a change of it back, and the right they need.

Undoing goes through the very actions people use, so every check, the audit and the engine's news come with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any

from django.db import models
from django_scopes import scope

from ats.audit.actions import as_json
from ats.classifiers import actions as classifiers
from ats.classifiers.models import Classifier, Contact
from ats.clients import actions as clients
from ats.clients import policy, user_actions
from ats.clients.access import Do
from ats.clients.models import Client, SecurityPolicy, User
from ats.codes import actions as codes
from ats.codes.models import Code
from ats.codes.queries import digits_of
from ats.conferences import actions as conferences
from ats.conferences.models import Conference
from ats.dialplan.codes import FEATURES
from ats.errors import Conflict
from ats.faxes import actions as faxes
from ats.faxes.models import FaxSettings
from ats.forwarding import actions as forwardings
from ats.forwarding.models import Forwarding
from ats.limits import actions as limits
from ats.limits import fraud_actions
from ats.limits.fraud import Thresholds
from ats.limits.models import FraudSettings, Limit
from ats.limits.scopes import Scope
from ats.mailboxes import actions as mailboxes
from ats.mailboxes.models import Mailbox
from ats.media import actions as sounds
from ats.media import package_actions as packages
from ats.media.models import Package, Sound
from ats.menus import actions as menus
from ats.menus.models import VoiceMenu
from ats.numbering import actions as numbers
from ats.numbering import dialplan_actions, holiday_actions
from ats.numbering.models import Holiday, Number
from ats.pickup import actions as pickup
from ats.pickup.models import PickupGroup
from ats.ports import actions as ports
from ats.ports import route_actions
from ats.ports.models import Port, Route
from ats.queues import actions as queues
from ats.queues.models import Queue
from ats.recordings import actions as recordings
from ats.recordings.models import Keeping
from ats.system import actions as system_actions
from ats.system import queries as system
from ats.system.models import Setting
from ats.system.topics import TOPICS
from ats.webhooks import actions as webhooks
from ats.webhooks.models import Webhook

Values = Mapping[str, Any]
Thing = Any  # a row of the kind's model


def _field(thing: Thing, name: str) -> Any:
    return getattr(thing, name)


def _same(values: Values) -> Values:
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`present` reads a recorded field of a thing as it is now; `given` turns recorded values into what actions take.

    `update`: (actor, client, thing, values); `remove` takes a creation back, `again` a deletion (None: cannot be), for
    which the right `add` (None: `make`) is needed and `kept` must stand in the entry: older ones knew less.
    """

    model: type[models.Model]
    change: Do
    make: Do
    fields: frozenset[str]
    update: Callable[[User, int, Thing, Values], object] | None = None
    remove: Callable[[User, int, Thing], object] | None = None
    again: Callable[[User, int, Values], object] | None = None
    present: Callable[[Thing, str], Any] = _field
    given: Callable[[Values], Values] = _same
    add: Do | None = None
    kept: frozenset[str] = frozenset()

    def now(self, thing: Thing, name: str) -> Any:
        """The field as the audit would write it."""
        return as_json(self.present(thing, name))


def _columns(model: type[models.Model], *others: str) -> frozenset[str]:
    """Fields of a row that an entry may speak of; secrets are never among them."""
    hidden = {"id", "password", "secret", "digest", "client_id"}
    return frozenset({field.attname for field in model._meta.concrete_fields} - hidden | {*others})


# -- what is recorded in another form than it is asked for ---------------------------------


def _menu(menu: VoiceMenu, name: str) -> Any:
    return menus.keys_of(menu) if name == "keys" else getattr(menu, name)


def _menu_given(values: Values) -> Values:
    if "keys" not in values:
        return values
    return {**values, "keys": [{"key": key, "number_id": to} for key, to in (values["keys"] or {}).items()]}


def _queue(queue: Queue, name: str) -> Any:
    return queues.agents_of(queue) if name == "agents" else getattr(queue, name)


def _queue_given(values: Values) -> Values:
    if "agents" not in values:
        return values
    pairs = [str(agent).split() for agent in values["agents"] or []]
    return {**values, "agents": [{f"{kind}_id": int(key)} for kind, key in pairs]}


def _route(route: Route, name: str) -> Any:
    if name == "trunks":
        return list(route.route_trunks.values_list("trunk_id", flat=True))
    return getattr(route, name)


def _route_given(values: Values) -> Values:
    others = {name: value for name, value in values.items() if name != "trunks"}
    return {**others, "trunk_ids": values["trunks"]} if "trunks" in values else others


def _contact_given(values: Values) -> Values:
    return {**values, "clip": f"+{values['clip']}"} if "clip" in values else values


def _again_holiday(actor: User, client_id: int, values: Values) -> None:
    holiday_actions.add_holiday(actor, client_id, {**values, "day": date.fromisoformat(values["day"])})


def _again_number(actor: User, client_id: int, values: Values) -> None:
    number = numbers.create_internal(actor, client_id, values)
    if steps := values.get("dialplan"):
        fresh = dialplan_actions.drawn(steps, ())
        dialplan_actions.save_dialplan(actor, number.pk, number.revision, fresh)


def _again_port(actor: User, client_id: int, values: Values) -> None:
    port = ports.create_port(actor, client_id, values)
    _limits_again(actor, client_id, Scope.PORT, port.pk, values)


def _again_user(actor: User, client_id: int, values: Values) -> None:
    user = user_actions.restore_user(actor, client_id, values)
    _limits_again(actor, client_id, Scope.USER, user.pk, values)


def _again_client(actor: User, _: int, values: Values) -> None:
    """A new one of the same name, with its users and limits; what it had held was gone before it."""
    client = clients.create_client(actor, values)
    with scope(client=client.pk):
        for user in values["users"]:
            _again_user(actor, client.pk, user)
        _limits_again(actor, client.pk, Scope.CLIENT, client.pk, values)


def _limits_again(actor: User, client_id: int, of: Scope, object_id: int, values: Values) -> None:
    """The limits a thing had when it was deleted."""
    if values["limits"]:
        limits.set_limits(actor, client_id, of, object_id, values["limits"])


def _remove_number(actor: User, _: int, number: Number) -> None:
    if number.kind != Number.Kind.INTERNAL:
        raise Conflict("undo_never")  # the pool is the operator's list, not a thing of a client
    numbers.delete_internal(actor, number.pk)


def _again_classifier(actor: User, client_id: int, values: Values) -> None:
    if values.get("contacts"):
        raise Conflict("undo_contacts", count=int(values["contacts"]))
    classifiers.create_classifier(actor, client_id, values)


def _again_mailbox(actor: User, client_id: int, values: Values) -> None:
    if values.get("messages"):
        raise Conflict("undo_messages", count=int(values["messages"]))
    mailboxes.create_mailbox(actor, client_id, values)


def _set_limits(actor: User, client_id: int, limit: Limit, values: Values) -> None:
    limits.set_limits(actor, client_id, limit.scope, limit.object_id, values)


def _setting(row: Setting, name: str) -> Any:
    return getattr(system.topic(row.topic), name, None)


def _fraud(_: Thing, name: str) -> Any:
    return getattr(fraud_actions.settings(), name)


def _by_key(action: Callable[..., object]) -> Callable[..., object]:
    """An action that takes (actor, key) or (actor, key, values), as a step of a Kind."""

    def step(actor: User, _: int, thing: Thing, *values: Values) -> object:
        return action(actor, thing.pk, *values)

    return step


def _of_all(action: Callable[[User, Values], object]) -> Callable[[User, int, Thing, Values], object]:
    """An action upon the operator's one row."""
    return lambda actor, _, __, values: action(actor, values)


KINDS: dict[str, Kind] = {
    "client": Kind(
        model=Client, change=Do.CLIENT_CHANGE, make=Do.CLIENT_ADD, fields=_columns(Client),
        update=_by_key(clients.update_client),
        again=_again_client, kept=frozenset({"users"}),
    ),
    "user": Kind(
        model=User, change=Do.USERS_CHANGE, make=Do.USERS_DELETE, fields=_columns(User),
        update=_by_key(user_actions.update_user),
        remove=_by_key(user_actions.delete_user),
        again=_again_user, add=Do.USERS_ADD, kept=frozenset({"rights"}),
    ),
    "number": Kind(
        model=Number, change=Do.NUMBER_CHANGE, make=Do.INTERNAL_ADD, fields=_columns(Number),
        update=_by_key(numbers.update_number),
        remove=_remove_number,
        again=_again_number,
    ),
    "holiday": Kind(
        model=Holiday, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Holiday),
        remove=_by_key(holiday_actions.delete_holiday),
        again=_again_holiday,
    ),
    "port": Kind(
        model=Port, change=Do.PORTS_CHANGE, make=Do.PORTS_CHANGE, fields=_columns(Port),
        update=_by_key(ports.update_port),
        remove=_by_key(ports.delete_port),
        again=_again_port, kept=frozenset({"connection"}),
    ),
    "sound": Kind(
        model=Sound, change=Do.SOUNDS_CHANGE, make=Do.SOUNDS_CHANGE,
        fields=frozenset({"name", "description", "language"}),
        update=_by_key(sounds.update_sound),
    ),
    "package": Kind(
        model=Package, change=Do.SOUNDS_CHANGE, make=Do.SOUNDS_CHANGE,
        fields=frozenset({"name", "description"}),
        update=_by_key(packages.update_package),
    ),
    "forwarding": Kind(
        model=Forwarding, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Forwarding),
        update=_by_key(forwardings.update_forwarding),
        remove=_by_key(forwardings.delete_forwarding),
        again=forwardings.create_forwarding,
    ),
    "pickupgroup": Kind(
        model=PickupGroup, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(PickupGroup),
        update=_by_key(pickup.update_group),
        remove=_by_key(pickup.delete_group),
        again=pickup.create_group,
    ),
    "classifier": Kind(
        model=Classifier, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Classifier),
        update=_by_key(classifiers.update_classifier),
        remove=_by_key(classifiers.delete_classifier),
        again=_again_classifier,
    ),
    "contact": Kind(
        model=Contact, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Contact),
        update=lambda actor, _, thing, values: classifiers.update_contact(
            actor, thing.classifier_id, thing.pk, values
        ),
        remove=lambda actor, _, thing: classifiers.delete_contact(actor, thing.classifier_id, thing.pk),
        again=lambda actor, _, values: classifiers.create_contact(actor, values["classifier_id"], values),
        given=_contact_given,
    ),
    "queue": Kind(
        model=Queue, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Queue, "agents"),
        update=_by_key(queues.update_queue),
        remove=_by_key(queues.delete_queue),
        again=queues.create_queue, present=_queue, given=_queue_given,
    ),
    "voicemenu": Kind(
        model=VoiceMenu, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE,
        fields=_columns(VoiceMenu, "keys"),
        update=_by_key(menus.update_menu),
        remove=_by_key(menus.delete_menu),
        again=menus.create_menu, present=_menu, given=_menu_given,
    ),
    "mailbox": Kind(
        model=Mailbox, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Mailbox),
        update=_by_key(mailboxes.update_mailbox),
        remove=_by_key(mailboxes.delete_mailbox),
        again=_again_mailbox,
    ),
    "conference": Kind(
        model=Conference, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Conference),
        update=_by_key(conferences.update_conference),
        remove=_by_key(conferences.delete_conference),
        again=conferences.create_conference,
    ),
    "faxsettings": Kind(
        model=FaxSettings, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(FaxSettings),
        update=lambda actor, client_id, _, values: faxes.set_fax_email(actor, client_id, values["email"]),
    ),
    "limit": Kind(
        model=Limit, change=Do.LIMITS_CHANGE, make=Do.LIMITS_CHANGE, fields=_columns(Limit),
        update=_set_limits,
    ),
    "webhook": Kind(
        model=Webhook, change=Do.WEBHOOKS, make=Do.WEBHOOKS, fields=_columns(Webhook),
        update=_by_key(webhooks.update_webhook),
        remove=_by_key(webhooks.delete_webhook),
    ),
    "keeping": Kind(
        model=Keeping, change=Do.SOUNDS_CHANGE, make=Do.SOUNDS_CHANGE, fields=_columns(Keeping),
        update=lambda actor, client_id, _, values: recordings.set_keeping(actor, client_id, values),
    ),
    "route": Kind(
        model=Route, change=Do.ROUTES_CHANGE, make=Do.ROUTES_CHANGE, fields=_columns(Route, "trunks"),
        update=_by_key(route_actions.update_route),
        remove=_by_key(route_actions.delete_route),
        present=_route, given=_route_given,
    ),
    "securitypolicy": Kind(
        model=SecurityPolicy, change=Do.SYSTEM, make=Do.SYSTEM, fields=_columns(SecurityPolicy),
        update=_of_all(policy.update_policy),
    ),
    "setting": Kind(
        model=Setting, change=Do.SYSTEM, make=Do.SYSTEM,
        fields=frozenset(name for topic in TOPICS.values() for name in topic.CHECKS),
        present=_setting,
        update=lambda actor, _, thing, values: system_actions.save_topic(actor, thing.topic, values),
    ),
    "fraudsettings": Kind(
        model=FraudSettings, change=Do.FRAUD_SETTINGS, make=Do.FRAUD_SETTINGS,
        fields=frozenset(field.name for field in dataclass_fields(Thresholds)), present=_fraud,
        update=_of_all(fraud_actions.change_settings),
    ),
    "code": Kind(
        model=Code, change=Do.CODES_CHANGE, make=Do.CODES_CHANGE, fields=frozenset(feature.key for feature in FEATURES),
        present=lambda _, name: digits_of()[name],
        update=_of_all(codes.save_codes),
    ),
}  # fmt: skip
