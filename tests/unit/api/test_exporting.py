"""Lists as files: the rows of the list in its order, in the reader's language, and no cell a formula."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django_scopes import scope

from ats.api.exporting import harmless
from ats.clients import actions as clients
from ats.clients.models import Client, User
from ats.numbering import actions as numbering
from tests.unit.world import World, make_user

pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer)


def cells(answer: Any, separator: str = ";") -> list[list[str]]:
    text = body(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def test_csv_holds_the_filtered_list_in_its_order(world: World, browser: Callable[[User], Browser]) -> None:
    # More than two batches
    Client.objects.bulk_create(Client(name=f"Филиал {n:04}", billing_account=f"{n % 2}") for n in range(1203))
    admin = browser(world.admin)
    answer = admin.get("/api/clients", {"format": "csv", "search": "филиал", "sort": "-name", "page_size": 5})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="clients.csv"'
    rows = cells(answer)
    assert rows[0][:2] == ["ID", "Название"]
    assert [row[1] for row in rows[1:]] == [f"Филиал {n:04}" for n in reversed(range(1203))]
    assert rows[1][4] == "да"


def test_a_file_stays_inside_its_client(world: World, browser: Callable[[User], Browser]) -> None:
    for client in (world.romashka, world.vega):
        with scope(client=client.pk):
            numbering.create_internal(None, client.pk, {"digits": "100", "name": client.name})
    rows = cells(
        browser(world.keeper).get(f"/api/clients/{world.romashka.pk}/numbers/internal", {"format": "csv"})
    )
    assert [row[2] for row in rows[1:]] == ["Ромашка"]
    english = make_user(world.romashka, "john", "client_admin", language="en")
    rows = cells(browser(english).get("/api/clients", {"format": "csv"}), ",")
    assert rows[0][1] == "Name"
    assert [row[1] for row in rows[1:]] == ["Ромашка"]
    assert browser(world.plain).get(f"/api/clients/{world.romashka.pk}/users?format=csv").status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+7 495", "-2", "@cmd", "\t=1", " =1", "\r=1"])
def test_formulas_are_shown_and_not_run(world: World, browser: Callable[[User], Browser], text: str) -> None:
    assert harmless(text) == f"'{text}"
    clients.update_client(None, world.vega.pk, {"description": text.strip()})
    found = cells(browser(world.admin).get("/api/clients", {"format": "csv", "search": "вега"}))
    assert found[1][2] == f"'{text.strip()}"


def test_xlsx_is_a_workbook_without_formulas(world: World, browser: Callable[[User], Browser]) -> None:
    clients.update_client(None, world.vega.pk, {"description": '=HYPERLINK("http://x")', "name": "=1+1"})
    answer = browser(world.admin).get("/api/clients", {"format": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(body(answer))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK" in sheet
    assert sheet.count("<row ") == 4  # headings and three clients
    assert browser(world.admin).get("/api/clients", {"format": "exe"}).status_code == 422
