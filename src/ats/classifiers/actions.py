"""Changes to classifiers and their contacts (S167-S170)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, fields_of, record
from ats.classifiers.clips import clip, mask_lengths
from ats.classifiers.models import Classifier, Contact
from ats.clients.models import User
from ats.clients.versions import bump
from ats.errors import Conflict, Fault, Missing, invalid, places

_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "description": checks.text(500),
}
CONTACT_CHECKS: dict[str, checks.Check] = {
    "name": checks.text(120),
    "description": checks.text(500),
    "clip": clip,
}


@transaction.atomic
def create_classifier(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Classifier:
    """Add an empty classifier. Raises Invalid."""
    made = Classifier(client_id=client_id, **checks.clean(values, _CHECKS))
    _save(made)
    record(actor, client_id, "create", made, after={"name": made.name})
    bump(client_id)
    return made


@transaction.atomic
def update_classifier(actor: User | None, classifier_id: int, values: Mapping[str, Any]) -> Classifier:
    """Rename or describe. Raises Missing, Invalid."""
    found = _locked(classifier_id)
    before, after = apply(found, checks.clean(values, _CHECKS))
    if after:
        _save(found)
        record(actor, found.client_id, "update", found, before=before, after=after)
    return found


@transaction.atomic
def delete_classifier(actor: User | None, classifier_id: int) -> None:
    """Delete with all contacts. Raises Missing; Conflict saying which dialplans and campaigns ask it."""
    found = _locked(classifier_id)
    steps = found.steps.select_related("number").order_by("number__digits", "level")
    used = [Fault("at_step", {"number": step.number.digits, "level": step.level}) for step in steps]
    names = found.campaigns.order_by("name").values_list("name", flat=True)
    used += [Fault("at_campaign", {"name": name}) for name in names]
    if used:
        raise Conflict("in_use", where=places(used))
    contacts = Contact.objects.filter(classifier=found)
    before = {**fields_of(found, _CHECKS), "contacts": contacts.count()}
    record(actor, found.client_id, "delete", found, before=before)
    contacts.delete()
    found.delete()
    bump(found.client_id)


@transaction.atomic
def create_contact(actor: User | None, classifier_id: int, values: Mapping[str, Any]) -> Contact:
    """Add a contact. Raises Missing, Invalid (also for a number that is there already)."""
    found = _locked(classifier_id)
    made = Contact(classifier=found, **checks.clean(values, CONTACT_CHECKS))
    _save_contact(made)
    record(actor, found.client_id, "create", made, after={"clip": made.clip, "classifier": found.name})
    contacts_changed(found)
    return made


@transaction.atomic
def update_contact(
    actor: User | None, classifier_id: int, contact_id: int, values: Mapping[str, Any]
) -> Contact:
    """Change a contact. Raises Missing, Invalid."""
    found = _locked(classifier_id)
    contact = _contact(found, contact_id)
    before, after = apply(contact, checks.clean(values, CONTACT_CHECKS))
    if after:
        _save_contact(contact)
        record(actor, found.client_id, "update", contact, before=before, after=after)
        if "clip" in after:
            contacts_changed(found)
    return contact


@transaction.atomic
def delete_contacts(actor: User | None, classifier_id: int, ids: Iterable[int]) -> int:
    """Delete these contacts, those that are there; returns how many. Raises Missing for the classifier."""
    found = _locked(classifier_id)
    wanted = Contact.objects.filter(classifier=found, pk__in=list(ids))
    clips = list(wanted.values_list("clip", flat=True)[:20])
    gone, _ = wanted.delete()
    if gone:
        record(actor, found.client_id, "delete", found, before={"contacts": gone, "clips": clips})
        contacts_changed(found)
    return gone


@transaction.atomic
def delete_contact(actor: User | None, classifier_id: int, contact_id: int) -> None:
    """Delete one contact. Raises Missing."""
    found = _locked(classifier_id)
    contact = _contact(found, contact_id)
    before = {**fields_of(contact, CONTACT_CHECKS), "classifier_id": found.pk}
    record(actor, found.client_id, "delete", contact, before=before)
    contact.delete()
    contacts_changed(found)


def contacts_changed(found: Classifier) -> None:
    """After any change of contacts, in its transaction: a new revision for the engine, the masks in use, the number."""
    contacts = Contact.objects.filter(classifier=found)
    found.masks = mask_lengths(list(contacts.filter(clip__endswith="*").values_list("clip", flat=True)))
    found.contacts_count = contacts.count()
    found.revision += 1
    found.save(update_fields=["masks", "contacts_count", "revision"])
    bump(found.client_id)


def locked(classifier_id: int) -> Classifier:
    """The classifier in scope, locked until the transaction ends. Raises Missing."""
    return _locked(classifier_id)


def _locked(classifier_id: int) -> Classifier:
    found = Classifier.objects.select_for_update().filter(pk=classifier_id).first()
    if found is None:
        raise Missing
    return found


def _contact(found: Classifier, contact_id: int) -> Contact:
    contact = Contact.objects.filter(classifier=found, pk=contact_id).first()
    if contact is None:
        raise Missing
    return contact


def _save(found: Classifier) -> None:
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error


def _save_contact(contact: Contact) -> None:
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise invalid("clip", "taken") from error
