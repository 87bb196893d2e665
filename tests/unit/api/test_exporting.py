"""Lists as files: the rows of the list in its order, in the reader's language, and no cell a formula."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_scopes import scope

from ats.api import codewords
from ats.api.exporting import harmless
from ats.calls.models import Call
from ats.campaigns.models import Called, Campaign
from ats.clients import actions as clients
from ats.clients.models import Client, User
from ats.clients.rights import Right
from ats.engine.models import Node, Registration
from ats.numbering import actions as numbering
from ats.ports.models import Port
from tests.unit.world import World, make_user

WORDS = Path(__file__).parents[3] / "web" / "src" / "i18n"
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


def test_states_are_said_in_words_of_the_reader(world: World, browser: Callable[[User], Browser]) -> None:
    client = world.romashka
    with scope(client=client.pk):
        number = numbering.create_internal(None, client.pk, {"digits": "150"})
        campaign = Campaign.objects.create(client=client, name="Долги", number=number, status="finished")
        Called.objects.create(campaign=campaign, clip="79161110001", state="no_answer")
        port = Port.objects.create(client=client, name="Стол", login="88001")
        node = Node.objects.create(name="node1")
        Registration.objects.create(
            node=node,
            port_id=port.pk,
            client_id=client.pk,
            contact="sip:1@192.0.2.7",
            address="192.0.2.7:5060",
            status="unreachable",
            updated_at=timezone.now(),
        )
        Call.objects.create(
            node="node1",
            linkedid="1",
            client_id=client.pk,
            direction="out",
            started_at=timezone.now(),
            ended_at=timezone.now(),
            caller="150",
            called="79161110001",
            result="no_route",
            cause=3,
        )
    files = {
        "campaigns": ("завершена", "finished"),
        f"campaigns/{campaign.pk}/called": ("нет ответа", "no answer"),
        "registrations": ("недоступен", "unreachable"),
        "calls": ("нет маршрута", "no route"),
    }
    english = make_user(client, "john", "client_admin", language="en")
    for user in (world.keeper, english):
        user.rights = sorted({*user.rights, Right.TELEMARKETING})
        user.save()
    for path, (russian, other) in files.items():
        for user, word, separator in ((world.keeper, russian, ";"), (english, other, ",")):
            answer = browser(user).get(f"/api/clients/{client.pk}/{path}", {"format": "csv"})
            assert word in cells(answer, separator)[1], path
        book = body(browser(world.keeper).get(f"/api/clients/{client.pk}/{path}", {"format": "xlsx"}))
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            assert russian in "".join(parts.read(one).decode() for one in parts.namelist() if "xl/" in one), (
                path
            )


def test_they_are_the_words_of_the_screen() -> None:
    for place, language in enumerate(("ru", "en")):
        screen = {}
        for name in (f"{language}.json", f"{language}.more.json"):
            screen |= json.loads((WORDS / name).read_text(encoding="utf-8"))
        shown = {
            "registration": codewords.REGISTRATION,
            "result": codewords.CALL_RESULT,
        }
        for key, words in shown.items():
            assert screen[key] == {code: names[place] for code, names in words.items()}
        campaigns = screen["campaigns"]
        assert campaigns["state"] == {code: names[place] for code, names in codewords.CALLED_STATE.items()}
        for code, names in codewords.CAMPAIGN_STATUS.items():
            assert campaigns[code].lower() == names[place]
    assert set(codewords.CAMPAIGN_STATUS) == set(Campaign.Status)
    assert set(codewords.CALLED_STATE) == set(Called.State)
