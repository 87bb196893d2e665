"""Classifiers and their contacts, for the API and for the engine."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django_scopes import scope

from ats.classifiers.clips import display
from ats.classifiers.models import Classifier, Contact
from ats.errors import Missing


def classifiers() -> QuerySet[Classifier]:
    """Classifiers of the client in scope."""
    return Classifier.objects.all()


def classifier(classifier_id: int) -> Classifier:
    """One of them. Raises Missing."""
    found = classifiers().filter(pk=classifier_id).first()
    if found is None:
        raise Missing
    return found


def classifier_row(found: Classifier) -> dict[str, Any]:
    """A classifier as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "contacts_count": found.contacts_count,
        "created_at": found.created_at,
    }


def contacts(classifier_id: int) -> QuerySet[Contact]:
    """Contacts of a classifier in scope. Raises Missing."""
    if not Classifier.objects.filter(pk=classifier_id).exists():
        raise Missing
    return Contact.objects.filter(classifier_id=classifier_id)


def contact_row(found: Contact) -> dict[str, Any]:
    """A contact as the API shows it."""
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description,
        "clip": display(found.clip),
    }


def knows(classifier_id: int, digits: str) -> bool:
    """Whether a classifier in scope holds this number (E.164 digits), by itself or by a mask."""
    keys = [digits, *(f"{digits[:size]}*" for size in range(1, len(digits) + 1))]
    return Contact.objects.filter(classifier_id=classifier_id, clip__in=keys).exists()


def for_engine(client_id: int, known: Mapping[int, int]) -> tuple[dict[int, int], dict[int, list[str]]]:
    """(revision of each classifier, clips of those whose revision is not the known one) of a client."""
    with scope(client=client_id):
        revisions = dict(Classifier.objects.values_list("pk", "revision"))
        changed = [pk for pk, revision in revisions.items() if known.get(pk) != revision]
        clips: dict[int, list[str]] = {pk: [] for pk in changed}
        if changed:
            rows = Contact.objects.filter(classifier_id__in=changed).values_list("classifier_id", "clip")
            for pk, clip in rows.iterator():
                clips[pk].append(clip)
    return revisions, clips
