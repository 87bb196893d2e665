"""For each kind of thing in the audit: the actions that can take a change of it back, and the right they need.

Undoing goes through the very actions people use, so every check, the audit and the engine's news come with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any

from django.db import models

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

    `update`: (actor, client, thing, values); `remove` takes a creation back, `again` a deletion (None: cannot be).
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
    scope = next(
        (one for one in Scope if one is not Scope.CLIENT and getattr(limit, f"{one}_id")), Scope.CLIENT
    )
    object_id = client_id if scope is Scope.CLIENT else getattr(limit, f"{scope}_id")
    limits.set_limits(actor, client_id, scope, object_id, values)


def _setting(row: Setting, name: str) -> Any:
    return getattr(system.topic(row.topic), name, None)


def _fraud(_: Thing, name: str) -> Any:
    return getattr(fraud_actions.settings(), name)


KINDS: dict[str, Kind] = {
    "client": Kind(
        model=Client, change=Do.CLIENT_CHANGE, make=Do.CLIENT_DELETE, fields=_columns(Client),
        update=lambda actor, _, thing, values: clients.update_client(actor, thing.pk, values),
    ),
    "user": Kind(
        model=User, change=Do.USERS_CHANGE, make=Do.USERS_DELETE, fields=_columns(User),
        update=lambda actor, _, thing, values: user_actions.update_user(actor, thing.pk, values),
        remove=lambda actor, _, thing: user_actions.delete_user(actor, thing.pk),
    ),
    "number": Kind(
        model=Number, change=Do.NUMBER_CHANGE, make=Do.INTERNAL_ADD, fields=_columns(Number),
        update=lambda actor, _, thing, values: numbers.update_number(actor, thing.pk, values),
        remove=_remove_number,
        again=_again_number,
    ),
    "holiday": Kind(
        model=Holiday, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Holiday),
        remove=lambda actor, _, thing: holiday_actions.delete_holiday(actor, thing.pk),
        again=_again_holiday,
    ),
    "port": Kind(
        model=Port, change=Do.PORTS_CHANGE, make=Do.PORTS_CHANGE, fields=_columns(Port),
        update=lambda actor, _, thing, values: ports.update_port(actor, thing.pk, values),
        remove=lambda actor, _, thing: ports.delete_port(actor, thing.pk),
    ),
    "sound": Kind(
        model=Sound, change=Do.SOUNDS_CHANGE, make=Do.SOUNDS_CHANGE,
        fields=frozenset({"name", "description", "language"}),
        update=lambda actor, _, thing, values: sounds.update_sound(actor, thing.pk, values),
    ),
    "package": Kind(
        model=Package, change=Do.SOUNDS_CHANGE, make=Do.SOUNDS_CHANGE,
        fields=frozenset({"name", "description"}),
        update=lambda actor, _, thing, values: packages.update_package(actor, thing.pk, values),
    ),
    "forwarding": Kind(
        model=Forwarding, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Forwarding),
        update=lambda actor, _, thing, values: forwardings.update_forwarding(actor, thing.pk, values),
        remove=lambda actor, _, thing: forwardings.delete_forwarding(actor, thing.pk),
        again=forwardings.create_forwarding,
    ),
    "pickupgroup": Kind(
        model=PickupGroup, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(PickupGroup),
        update=lambda actor, _, thing, values: pickup.update_group(actor, thing.pk, values),
        remove=lambda actor, _, thing: pickup.delete_group(actor, thing.pk),
        again=pickup.create_group,
    ),
    "classifier": Kind(
        model=Classifier, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Classifier),
        update=lambda actor, _, thing, values: classifiers.update_classifier(actor, thing.pk, values),
        remove=lambda actor, _, thing: classifiers.delete_classifier(actor, thing.pk),
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
        update=lambda actor, _, thing, values: queues.update_queue(actor, thing.pk, values),
        remove=lambda actor, _, thing: queues.delete_queue(actor, thing.pk),
        again=queues.create_queue, present=_queue, given=_queue_given,
    ),
    "voicemenu": Kind(
        model=VoiceMenu, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE,
        fields=_columns(VoiceMenu, "keys"),
        update=lambda actor, _, thing, values: menus.update_menu(actor, thing.pk, values),
        remove=lambda actor, _, thing: menus.delete_menu(actor, thing.pk),
        again=menus.create_menu, present=_menu, given=_menu_given,
    ),
    "mailbox": Kind(
        model=Mailbox, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Mailbox),
        update=lambda actor, _, thing, values: mailboxes.update_mailbox(actor, thing.pk, values),
        remove=lambda actor, _, thing: mailboxes.delete_mailbox(actor, thing.pk),
        again=_again_mailbox,
    ),
    "conference": Kind(
        model=Conference, change=Do.DIALPLAN_CHANGE, make=Do.DIALPLAN_CHANGE, fields=_columns(Conference),
        update=lambda actor, _, thing, values: conferences.update_conference(actor, thing.pk, values),
        remove=lambda actor, _, thing: conferences.delete_conference(actor, thing.pk),
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
        update=lambda actor, _, thing, values: webhooks.update_webhook(actor, thing.pk, values),
        remove=lambda actor, _, thing: webhooks.delete_webhook(actor, thing.pk),
    ),
    "keeping": Kind(
        model=Keeping, change=Do.SOUNDS_CHANGE, make=Do.SOUNDS_CHANGE, fields=_columns(Keeping),
        update=lambda actor, client_id, _, values: recordings.set_keeping(actor, client_id, values),
    ),
    "route": Kind(
        model=Route, change=Do.ROUTES_CHANGE, make=Do.ROUTES_CHANGE, fields=_columns(Route, "trunks"),
        update=lambda actor, _, thing, values: route_actions.update_route(actor, thing.pk, values),
        remove=lambda actor, _, thing: route_actions.delete_route(actor, thing.pk),
        present=_route, given=_route_given,
    ),
    "securitypolicy": Kind(
        model=SecurityPolicy, change=Do.SYSTEM, make=Do.SYSTEM, fields=_columns(SecurityPolicy),
        update=lambda actor, _, __, values: policy.update_policy(actor, values),
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
        update=lambda actor, _, __, values: fraud_actions.change_settings(actor, values),
    ),
    "code": Kind(
        model=Code, change=Do.CODES_CHANGE, make=Do.CODES_CHANGE, fields=frozenset(feature.key for feature in FEATURES),
        present=lambda _, name: digits_of()[name],
        update=lambda actor, _, __, values: codes.save_codes(actor, values),
    ),
}  # fmt: skip
