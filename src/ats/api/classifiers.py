"""«Классификаторы» (S167-S175) and their contacts."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponseBase
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, Page, listing, page_of
from ats.api.messages import language_of, localised, text
from ats.api.shapes import ERRORS, Id
from ats.classifiers import actions, imports, queries
from ats.clients.access import Do

router = Router(tags=["classifiers"])


class ClassifierOut(Schema):
    id: int
    name: str
    description: str
    contacts_count: int
    created_at: datetime


class ClassifierIn(Schema):
    name: str
    description: str = ""


class ClassifierPatch(Schema):
    """Only the fields sent are changed."""

    name: str = ""
    description: str = ""


class ContactOut(Schema):
    """`clip`: +79161234567, or a mask +7916*."""

    id: int
    name: str
    description: str
    clip: str


class ContactIn(Schema):
    """`clip` in international format through + (S170), or a mask."""

    clip: str
    name: str = ""
    description: str = ""


class ContactPatch(Schema):
    """Only the fields sent are changed."""

    clip: str = ""
    name: str = ""
    description: str = ""


class ContactIds(Schema):
    ids: Annotated[list[Id], Field(min_length=1, max_length=500)]


class Deleted(Schema):
    done: int


class ContactsImportIn(Schema):
    dry_run: bool = False


class ContactsImportFault(Schema):
    line: int
    message: str


class ContactsImportOut(Schema):
    """What the file did, or with `dry_run` would do; `bad` lines are left out."""

    added: int
    changed: int
    same: int
    bad: int
    faults: list[ContactsImportFault]
    dry_run: bool


_CONTACT_TITLES = {
    "clip": ("CLIP", "CLIP"),
    "name": ("Наименование", "Name"),
    "description": ("Описание", "Description"),
}
_SORTS = {"id": "id", "name": "name", "created_at": "created_at", "contacts_count": "contacts_count"}
_BASE = "/{int:client_id}/classifiers"
_ONE = "/{int:client_id}/classifiers/{int:classifier_id}"


@router.get(_BASE, response={200: Listed[ClassifierOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def list_classifiers(request: ApiRequest, client_id: int, page: Query[Page]) -> dict[str, Any]:
    """Classifiers of the client."""
    rows, total = page_of(
        queries.classifiers(), page, search=("name", "description"), sorts=_SORTS, default="name"
    )
    return {"items": [queries.classifier_row(row) for row in rows], **total}


@router.post(_BASE, response={201: ClassifierOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE))
def create_classifier(request: ApiRequest, client_id: int, payload: ClassifierIn) -> Status[dict[str, Any]]:
    """Add an empty classifier."""
    made = actions.create_classifier(request.auth, client_id, payload.model_dump())
    return Status(201, queries.classifier_row(made))


@router.get(_ONE, response={200: ClassifierOut, **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def get_classifier(request: ApiRequest, client_id: int, classifier_id: int) -> dict[str, Any]:
    """One classifier."""
    return queries.classifier_row(queries.classifier(classifier_id))


@router.patch(_ONE, response={200: ClassifierOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE))
def update_classifier(
    request: ApiRequest, client_id: int, classifier_id: int, payload: ClassifierPatch
) -> dict[str, Any]:
    """Rename or describe a classifier."""
    actions.update_classifier(request.auth, classifier_id, payload.model_dump(exclude_unset=True))
    return queries.classifier_row(queries.classifier(classifier_id))


@router.delete(_ONE, response={204: None, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE))
def delete_classifier(request: ApiRequest, client_id: int, classifier_id: int) -> Status[None]:
    """Delete a classifier with its contacts; 409 says which dialplans ask it."""
    actions.delete_classifier(request.auth, classifier_id)
    return Status(204, None)


@router.get(f"{_ONE}/contacts", response={200: Listed[ContactOut], **ERRORS}, auth=Gate(Do.CLIENT_VIEW))
def list_contacts(
    request: ApiRequest, client_id: int, classifier_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Contacts of a classifier."""
    return listing(
        request,
        page,
        queries.contacts(classifier_id),
        lambda found: [queries.contact_row(row) for row in found],
        name="contacts",
        titles=_CONTACT_TITLES,
        search=("name", "clip", "description"),
        sorts={"id": "id", "name": "name", "clip": "clip"},
        default="name",
    )


@router.post(f"{_ONE}/contacts", response={201: ContactOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE))
def create_contact(
    request: ApiRequest, client_id: int, classifier_id: int, payload: ContactIn
) -> Status[dict[str, Any]]:
    """Add a contact."""
    made = actions.create_contact(request.auth, classifier_id, payload.model_dump())
    return Status(201, queries.contact_row(made))


@router.post(
    f"{_ONE}/contacts/import", response={200: ContactsImportOut, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def import_contacts(
    request: ApiRequest,
    client_id: int,
    classifier_id: int,
    payload: Form[ContactsImportIn],
    file: File[UploadedFile],
) -> dict[str, Any]:
    """CSV with columns CLIP, name, description; with `dry_run` nothing is changed."""
    done = imports.import_contacts(request.auth, classifier_id, file, dry_run=payload.dry_run)
    language = language_of(request)
    return {
        "added": done.added,
        "changed": done.changed,
        "same": done.same,
        "bad": done.bad,
        "faults": [
            {"line": line, "message": text(fault.code, language, localised(fault.params, language))}
            for line, fault in done.faults
        ],
        "dry_run": payload.dry_run,
    }


@router.post(f"{_ONE}/contacts/delete", response={200: Deleted, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE))
def delete_contacts(
    request: ApiRequest, client_id: int, classifier_id: int, payload: ContactIds
) -> dict[str, Any]:
    """Delete several contacts."""
    return {"done": actions.delete_contacts(request.auth, classifier_id, payload.ids)}


@router.patch(
    f"{_ONE}/contacts/{{int:contact_id}}",
    response={200: ContactOut, **ERRORS},
    auth=Gate(Do.DIALPLAN_CHANGE),
)
def update_contact(
    request: ApiRequest, client_id: int, classifier_id: int, contact_id: int, payload: ContactPatch
) -> dict[str, Any]:
    """Change a contact."""
    values = payload.model_dump(exclude_unset=True)
    return queries.contact_row(actions.update_contact(request.auth, classifier_id, contact_id, values))


@router.delete(
    f"{_ONE}/contacts/{{int:contact_id}}", response={204: None, **ERRORS}, auth=Gate(Do.DIALPLAN_CHANGE)
)
def delete_contact(request: ApiRequest, client_id: int, classifier_id: int, contact_id: int) -> Status[None]:
    """Delete a contact."""
    actions.delete_contact(request.auth, classifier_id, contact_id)
    return Status(204, None)
