"""Contacts from a CSV file: a dry run tells what would happen, then the same file does it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.classifiers.actions import CONTACT_CHECKS, contacts_changed, locked
from ats.classifiers.models import Contact
from ats.clients.models import User
from ats.errors import Fault, invalid

MAX_MB = 8
MAX_ROWS = 100_000
MAX_FAULTS = 100  # told one by one; the rest are only counted
_HEADINGS = {"clip", "номер", "телефон", "number", "phone"}


@dataclass(slots=True)
class Imported:
    """`faults`: (line of the file from 1, what is wrong); `bad`: how many lines are wrong in all."""

    added: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    faults: list[tuple[int, Fault]] = field(default_factory=list)


def import_contacts(
    actor: User | None, classifier_id: int, file: "UploadedFile[Any]", *, dry_run: bool
) -> Imported:
    """Columns CLIP, name, description, with or without a heading, separated by `,`, `;` or a tab; UTF-8 or
    Windows-1251. A contact whose number is there already is changed. Lines that are wrong are left out and told.

    Raises Missing, Invalid for a file that is too large or no text.
    """
    rows = list(_rows(_text(file)))
    if len(rows) > MAX_ROWS:
        raise invalid("file", "too_many", max=MAX_ROWS)
    done = Imported()
    wanted: dict[str, dict[str, str]] = {}
    for line, cells in rows:
        values = dict(zip(("clip", "name", "description"), cells, strict=False))
        try:
            checked = {name: CONTACT_CHECKS[name](value) for name, value in values.items()}
        except checks.Bad as bad:
            done.bad += 1
            if len(done.faults) < MAX_FAULTS:
                done.faults.append((line, bad.fault))
            continue
        wanted[checked["clip"]] = checked
    with transaction.atomic():
        classifier = locked(classifier_id)
        fresh: list[Contact] = []
        changed: list[Contact] = []
        present = {one.clip: one for one in Contact.objects.filter(classifier=classifier)}
        for clip, values in wanted.items():
            contact = present.get(clip)
            if contact is None:
                fresh.append(Contact(classifier=classifier, **values))
            elif apply(contact, values)[1]:  # a column that the file does not have stays as it is
                changed.append(contact)
        done.added, done.changed = len(fresh), len(changed)
        done.same = len(wanted) - len(fresh) - len(changed)
        if dry_run or not (fresh or changed):
            return done
        Contact.objects.bulk_create(fresh, batch_size=2000)
        Contact.objects.bulk_update(changed, ["name", "description"], batch_size=200)
        after = {"imported": done.added, "changed": done.changed}
        record(actor, classifier.client_id, "import", classifier, after=after)
        contacts_changed(classifier)
    return done


def _text(file: "UploadedFile[Any]") -> str:
    if (file.size or 0) > MAX_MB * 1024 * 1024:
        raise invalid("file", "file_too_large", max=MAX_MB)
    raw = file.read()
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = str(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise invalid("file", "not_file")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every line that holds something, without the heading."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped) or (reader.line_num == 1 and stripped[0].lower() in _HEADINGS):
                continue
            yield reader.line_num, stripped[:3]
    except csv.Error as error:
        raise invalid("file", "not_file") from error
