"""«Ограничения» of a client and of a port, and the fraud guard's thresholds, as an operator works with them."""

from playwright.sync_api import expect

from tests.harness.company import Company
from tests.harness.instance import Instance
from tests.web.cabinet import Cabinet


def change(operator: Cabinet, name: str) -> None:
    """«Изменить» from the menu of a row."""
    operator.row(name).get_by_text(name, exact=True).first.click(button="right")
    operator.page.get_by_role("menuitem", name="Изменить").click()


def test_limits_of_a_port_and_of_a_client(operator: Cabinet, instance: Instance) -> None:
    client = Company(instance, "Ограниченный")
    port = client.port("Стойка")
    operator.open(f"/c/{client.id}/ports")
    change(operator, "Стойка")
    operator.window.get_by_role("tab", name="Ограничения").click()
    operator.window.get_by_label("Количество исходящих").fill("2")
    operator.window.get_by_label("Денег в день").fill("12.5")
    operator.window.get_by_label("международный").uncheck()
    operator.window.get_by_role("button", name="Сохранить ограничения").click()
    expect(operator.page.get_by_text("Ограничения сохранены")).to_be_visible()
    expect(operator.window.get_by_text("Денег в день: 0 из 12.5")).to_be_visible()
    operator.shot("limits-port")
    saved = client.api.get(f"{client.path}/limits/port/{port['id']}")["limits"]
    assert (saved["lines_out"], saved["money_day"], saved["closed"]) == (2, 125_000, ["international"])
    assert saved["lines_in"] is None

    operator.open("/clients")
    operator.find("Ограниченный")
    change(operator, "Ограниченный")
    operator.window.get_by_role("tab", name="Ограничения").click()
    operator.window.get_by_label("Всего одновременно").fill("30")
    operator.window.get_by_role("button", name="Сохранить ограничения").click()
    expect(operator.page.get_by_text("Ограничения сохранены")).to_be_visible()
    operator.shot("limits-client")
    assert client.api.get(f"{client.path}/limits/client/{client.id}")["limits"]["lines_all"] == 30


def test_thresholds_of_the_fraud_guard(operator: Cabinet, instance: Instance) -> None:
    operator.open("/system?tab=fraud")
    operator.page.get_by_label("Вызовов за 10 минут").fill("25")
    operator.button("Сохранить").click()
    expect(operator.page.get_by_text("Сохранено").first).to_be_visible()
    operator.shot("fraud-guard")
    assert instance.api.get("/fraud/settings")["velocity_calls"] == 25
    instance.api.patch("/fraud/settings", {"velocity_calls": 30})


def test_what_is_typed_on_a_tab_with_its_own_button_is_not_lost(
    operator: Cabinet, instance: Instance
) -> None:
    """Limits, a PIN: a change of tabs keeps them, and saving the window without them is asked about first."""
    client = Company(instance, "Вкладки")
    client.port("Стойка")
    user = {
        "login": f"tabs{client.id}",
        "password": "Many-tabs-2026",
        "name": "Иванов",
        "role": "client_user",
    }
    client.api.post(f"{client.path}/users", user)
    back, anyway = operator.button("Остаться"), operator.button("Сохранить без него")
    for section, row, tab, field in (
        ("ports", "Стойка", "Ограничения", "Количество исходящих"),
        ("users", user["login"], "Вызовы извне", "Свой PIN"),
    ):
        operator.open(f"/c/{client.id}/{section}")
        change(operator, row)
        window = operator.page.get_by_role("dialog").filter(has=operator.page.get_by_role("tablist"))
        window.get_by_role("tab", name=tab).click()
        window.get_by_label(field).fill("4")
        window.get_by_role("tab", name="Общие").click()
        window.get_by_role("button", name="Сохранить", exact=True).click()
        expect(back).to_be_visible()
        operator.shot(f"asked-{section}")
        back.click()
        expect(back).to_have_count(0)
        window.get_by_role("tab", name=tab).click()
        expect(window.get_by_label(field)).to_have_value("4")
        window.get_by_role("button", name="Сохранить", exact=True).click()
        anyway.click()
        expect(window).to_have_count(0)
