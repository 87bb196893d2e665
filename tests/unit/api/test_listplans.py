"""Lists that an index gives in their order, or counts by itself."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django_scopes import scope

from ats.api.listing import Page, ordered
from ats.classifiers.models import Classifier
from ats.clients.models import Client
from ats.engine.models import Registration
from ats.media.models import Package
from ats.numbering.models import Number
from ats.ports.models import Port

CLIENT = 17
_CITY = {"kind": Number.Kind.EXTERNAL}


@pytest.mark.parametrize(
    ("model", "chosen", "sort", "index"),
    [
        (Registration, {}, "-updated_at", "registration_newest"),
        (Registration, {"status": "registered"}, "-updated_at", "registration_status_newest"),
        (Registration, {"client_id": CLIENT}, "port_id", "registration_client_port"),
        (Classifier, {}, "-contacts_count", "classifier_client_contacts"),
        (Package, {}, "files_count", "package_client_files"),
        (Number, _CITY, "digits", "number_client_external"),
        (Port, {"kind": "h323"}, "name", "port_kind_client"),
        (Port, {"connection": "trunk"}, "name", "port_connection_client"),
        (Port, {"webrtc": True}, "name", "port_client_webrtc"),
        (Port, {"is_active": False}, "name", "port_client_off"),
        (Client, {"is_active": False}, "name", "client_off"),
    ],
    ids=str,
)
@pytest.mark.parametrize("back", [False, True], ids=["", "back"])
def test_a_page_is_read_in_its_order(
    planner: None, model: Any, chosen: dict[str, Any], sort: str, index: str, back: bool
) -> None:
    """Nothing is sorted but the ties of one value, also from the other end."""
    with scope(client=CLIENT):
        rows: QuerySet[Any] = model.objects.filter(**chosen)
        name = sort.removeprefix("-")
        found = ordered(rows, Page(sort=sort), sorts={name: name}, default=sort).values("pk")
        plan = (found.reverse() if back else found)[:50].explain()
    assert index in plan, plan
    whole = "TEMP B-TREE FOR ORDER BY" in plan or ("Sort Key" in plan and "Presorted Key" not in plan)
    assert not whole, plan


def test_registrations_in_one_state_are_counted_in_an_index(planner: None) -> None:
    plan = Registration.objects.filter(status="registered").values("pk").explain()
    assert "registration_status_newest" in plan, plan
