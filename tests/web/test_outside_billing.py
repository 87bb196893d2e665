"""The operator sets an outside billing up, gives a client to it, and takes the money of a period away as a file."""

import json

from playwright.sync_api import expect

from tests.harness.instance import Instance
from tests.web.cabinet import Cabinet


def test_servers_the_clients_choice_and_a_statement(operator: Cabinet, instance: Instance) -> None:
    operator.open("/system?tab=radius")
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill("Главный биллинг")
    operator.window.get_by_label("IP-адрес").fill("radius.example.org")
    operator.window.get_by_label("Секрет").fill("очень-тайно")
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    expect(operator.window.get_by_text("Нужен IP-адрес, не имя.")).to_be_visible()
    operator.window.get_by_label("IP-адрес").fill("192.0.2.10")
    operator.save_window()
    expect(operator.row("Главный биллинг")).to_contain_text("192.0.2.10 1812/1813")
    operator.shot("radius")

    client = instance.api.post("/clients", {"name": "Внешняя тарификация"})["id"]
    operator.open("/clients")
    operator.find("Внешняя тарификация")
    operator.row("Внешняя тарификация").get_by_role("button", name="Изменить").click()
    operator.choose("Тарификация", "Внешний биллинг: Главный биллинг")
    expect(operator.page.get_by_text("Сохранено").first).to_be_visible()
    operator.shot("radius-client")
    assert instance.api.get(f"/clients/{client}/rating")["radius_name"] == "Главный биллинг"

    tariff = instance.api.post("/billing/tariffs", {"name": "Выгрузка"})["id"]
    account = instance.api.post("/billing/accounts", {"code": "ВЫГ-1", "tariff_id": tariff})["id"]
    instance.api.post(f"/billing/accounts/{account}/ledger", {"amount": 1_250_000})
    operator.open("/system?tab=accounts")
    operator.find("ВЫГ-1")
    operator.row("ВЫГ-1").get_by_role("button", name="Выгрузка: ВЫГ-1").click()
    operator.choose("Что", "Балансы счетов")
    operator.shot("statement")
    with operator.page.expect_download() as taken:
        operator.window.get_by_role("link", name="JSON").click()
    [row] = json.loads(taken.value.path().read_text())
    assert (row["account"], row["payments"], row["closing"]) == ("ВЫГ-1", 1_250_000, 1_250_000)
