"""Price lists through the API: zones, rates, import with dry run, accounts and their ledgers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django_scopes import scopes_disabled

from ats.audit.models import AuditEntry
from ats.billing.authorise import Grant, authorise
from ats.billing.books import Books
from ats.billing.models import Charge, TariffRate
from ats.calls.models import Call
from ats.clients.models import Client, User
from tests.unit.billing.money import CITY, NOON, ROUBLE, question
from tests.unit.billing.test_settling import leg, settle

GOOD = (
    "prefix;title;price;connection_fee;first_s;next_s;days;time_from;time_to\n"
    "7;Россия;1,50;0.1;60;1;;;\n+79;Мобильные;2;;;;12345;09:00;18:00\n"
)


@pytest.fixture
def admin(world: Any, browser: Callable[[User], Browser]) -> Browser:
    return browser(world.admin)


def post(browser: Browser, path: str, body: dict[str, Any], status: int = 201) -> Any:
    answer = browser.post(f"/api/billing{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def upload(browser: Browser, tariff_id: int, text: str, **fields: Any) -> Any:
    body = {"file": SimpleUploadedFile("r.csv", text.encode()), **fields}
    answer = browser.post(f"/api/billing/tariffs/{tariff_id}/import", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_import_says_what_is_wrong_and_applies_nothing(admin: Browser) -> None:
    tariff = post(admin, "/tariffs", {"name": "Т"})["id"]
    bad = GOOD + "7x;;1;;;;;;\n8;;1,23456;;;;;;\n7;Ещё раз;1;;;;;;\n9;;1;;0;;89;25:00;\n"
    told = upload(admin, tariff, bad, dry_run=False)
    assert not told["applied"]
    assert [(error["line"], error["column"]) for error in told["errors"]] == [
        (4, "prefix"), (5, "price"), (6, "prefix"), (7, "first_s"),
    ]  # fmt: skip
    assert "строке 2" in told["errors"][2]["message"]
    assert not TariffRate.objects.exists()


def test_a_dry_run_changes_nothing_and_the_real_one_adds_or_replaces(admin: Browser) -> None:
    tariff = post(admin, "/tariffs", {"name": "Т"})["id"]
    assert upload(admin, tariff, GOOD) == {"rates": 2, "applied": False, "errors": []}
    assert not TariffRate.objects.exists()
    assert upload(admin, tariff, GOOD, dry_run=False)["applied"]
    russia, mobile = TariffRate.objects.order_by("prefix")
    assert (russia.price, russia.connection_fee, russia.first_s, russia.next_s) == (15_000, 1_000, 60, 1)
    assert (mobile.price, mobile.days, mobile.time_from, mobile.time_to) == (20_000, 31, 540, 1080)
    upload(admin, tariff, "prefix,price\n1,3\n", dry_run=False, replace=True)
    assert list(TariffRate.objects.values_list("prefix", "price")) == [("1", 30_000)]


def test_a_header_nobody_knows(admin: Browser) -> None:
    tariff = post(admin, "/tariffs", {"name": "Т"})["id"]
    for text in ("", "a;b\n1;2\n", "prefix\n7\n"):
        assert upload(admin, tariff, text, dry_run=False)["errors"][0]["line"] == 1


def test_a_change_of_a_zone_reaches_the_next_call(admin: Browser, world: Any) -> None:
    zone = post(admin, "/zones", {"name": "Россия", "prefixes": ["+78"]})
    assert zone["prefixes"] == ["78"]
    tariff = post(admin, "/tariffs", {"name": "Т"})["id"]
    post(admin, f"/tariffs/{tariff}/rates", {"zone_id": zone["id"], "price": 10_000})
    post(admin, "/accounts", {"code": "A", "tariff_id": tariff, "kind": "daily_cap", "daily_cap": 10**7})
    Client.objects.filter(pk=world.romashka.pk).update(billing_account="A")
    books = Books()
    assert not isinstance(authorise(question(world.romashka.pk, "a"), books, NOON), Grant)
    path = f"/api/billing/zones/{zone['id']}"
    assert admin.patch(path, {"prefixes": ["7495"]}, content_type="application/json").status_code == 200
    assert isinstance(authorise(question(world.romashka.pk, "b"), books, NOON), Grant)
    assert admin.delete(path).json()["code"] == "in_use"


def test_payments_are_rows_and_audited(admin: Browser) -> None:
    tariff = post(admin, "/tariffs", {"name": "Т"})["id"]
    account = post(admin, "/accounts", {"code": "A", "tariff_id": tariff})["id"]
    assert post(admin, f"/accounts/{account}/ledger", {"amount": 500_000, "note": "п/п 7"})["left"] == 500_000
    post(admin, f"/accounts/{account}/ledger", {"kind": "adjustment", "amount": -1})
    post(admin, f"/accounts/{account}/ledger", {"kind": "payment", "amount": -1}, 422)
    rows = admin.get(f"/api/billing/accounts/{account}/ledger").json()["items"]
    assert [(row["amount"], row["balance"], row["actor_login"]) for row in rows] == [
        (-1, 499_999, "admin"), (500_000, 500_000, "admin"),
    ]  # fmt: skip
    with scopes_disabled():
        assert AuditEntry.objects.filter(object_type="ledgerentry").count() == 2
    assert admin.delete(f"/api/billing/accounts/{account}").json()["code"] == "in_use"


def test_why_a_call_costs_what_it_costs(
    admin: Browser, world: Any, browser: Callable[[User], Browser]
) -> None:
    tariff = post(admin, "/tariffs", {"name": "Т"})["id"]
    rate = {"prefix": "7", "price": 6 * ROUBLE, "connection_fee": 4_000, "title": "Россия"}
    post(admin, f"/tariffs/{tariff}/rates", rate)
    post(admin, "/accounts", {"code": "A", "tariff_id": tariff, "kind": "daily_cap", "daily_cap": 10**7})
    owner = world.romashka.pk
    Client.objects.filter(pk=owner).update(billing_account="A")
    authorise(question(owner, "a"), Books(), NOON)
    settle(owner, "a", leg("t5", 59))
    at = "2026-03-02T09:00:00Z"
    call = Call.objects.model._base_manager.create(
        node="node1",
        linkedid="a",
        client_id=owner,
        direction="out",
        started_at=at,
        ended_at=at,
        result="answered",
    )
    told = browser(world.keeper).get(f"/api/clients/{owner}/calls/{call.pk}/price").json()
    assert told["total"] == 6 * ROUBLE + 4_000 == Charge.objects.get().cost
    [charge] = told["charges"]
    assert charge["digits"] == CITY
    assert [line["amount"] for line in charge["lines"]] == [4_000, 6 * ROUBLE]
    assert charge["lines"][1]["text"].startswith("Разговор 59 с, к оплате 60 с")
    assert "6.00 RUB" in charge["lines"][1]["text"]
    money = browser(world.keeper).get(f"/api/clients/{owner}/money").json()
    assert (money["state"], money["account"]["code"]) == ("ok", "A")


def test_a_client_cannot_name_an_account_for_its_users(
    world: Any, browser: Callable[[User], Browser]
) -> None:
    path = f"/api/clients/{world.romashka.pk}/users/{world.plain.pk}"
    body = {"billing_account": "somebody-else"}
    answer = browser(world.keeper).patch(path, body, content_type="application/json")
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["billing_account"]
    assert browser(world.admin).patch(path, body, content_type="application/json").status_code == 200


def test_the_policy_for_when_the_authoriser_is_silent_reaches_the_engine(admin: Browser, world: Any) -> None:
    Client.objects.filter(pk=world.romashka.pk).update(billing_account="A")
    before = Client.objects.get(pk=world.romashka.pk).version
    path = "/api/billing/down-policy"
    assert admin.get(path).json() == {"directions": []}
    assert admin.put(path, {"directions": ["local"]}, content_type="application/json").status_code == 200
    assert Client.objects.get(pk=world.romashka.pk).version == before + 1
    bad = admin.put(path, {"directions": ["emergency"]}, content_type="application/json")
    assert bad.status_code == 422
