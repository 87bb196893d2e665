"""Tariffs, zones, accounts; webhooks; calls from elsewhere and the keeping of recordings: made on the screen."""

import os
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.harness.company import Company
from tests.web.cabinet import Cabinet

CSV = "prefix;title;price\n7495;Москва;1,20\n44;Великобритания;9,50\n"


def choose(operator: Cabinet, file: Path) -> None:
    """Chooses a file in the open window as a person does: by a click on its field."""
    with operator.page.expect_file_chooser() as opened:
        operator.window.get_by_label("Файл").first.click()
    opened.value.set_files(file)


def test_a_tariff_with_rates_from_a_file(operator: Cabinet, company: Company, tmp_path: Path) -> None:
    """«Система → Тарифы»: a tariff, a zone with its rate, a file tried first; the history of an account."""
    page, name = operator.page, f"Тариф {company.id}"
    operator.open("/system?tab=zones")
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill(f"СНГ {company.id}")
    for prefix in ("375", "998"):
        operator.window.get_by_label("Префиксы").fill(prefix)
        page.keyboard.press("Enter")
    operator.save_window()
    expect(operator.row(f"СНГ {company.id}")).to_contain_text("375, 998")

    page.get_by_role("tab", name="Тарифы").click()
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill(name)
    operator.window.get_by_label("Валюта").fill("рубли")
    operator.window.get_by_role("button", name="Сохранить").click()
    expect(operator.window.get_by_label("Валюта")).to_have_attribute("aria-invalid", "true")
    operator.window.get_by_label("Валюта").fill("RUB")
    operator.save_window()
    page.get_by_role("link", name=f"Цены тарифа {name}").click()
    expect(page.get_by_text("Цен пока нет")).to_be_visible()

    operator.button("Создать").click()
    operator.window.get_by_text("Зона", exact=True).click()
    operator.choose("Зона", f"СНГ {company.id}")
    operator.window.get_by_label("Цена минуты").fill("15.4")
    operator.window.get_by_role("button", name="Пн–Пт").click()
    operator.window.get_by_label("Время с").fill("9:00")
    operator.window.get_by_label("С даты").fill("2027-01-01")
    operator.shot("rate")
    operator.save_window()
    expect(operator.row(f"СНГ {company.id}")).to_contain_text("15,40")
    expect(operator.row(f"СНГ {company.id}")).to_contain_text(
        "2027-01-01 – …; Пн, Вт, Ср, Чт, Пт; 09:00–24:00"
    )

    operator.button("Загрузить из файла").click()
    file = tmp_path / "rates.csv"
    file.write_text(f"{CSV}x;Ошибка;2\n", encoding="utf-8")
    choose(operator, file)
    operator.window.get_by_role("button", name="Проверить").click()
    expect(operator.window.get_by_role("status")).to_contain_text("строка 4: prefix")
    operator.shot("faults")
    file.write_text(CSV, encoding="utf-8")
    os.utime(file, (0, 0))  # corrected at another second: the browser refuses to send the file it knew
    choose(operator, file)
    operator.window.get_by_role("button", name="Проверить").click()
    expect(operator.window.get_by_role("status")).to_contain_text("В файле 2 цены, ошибок нет.")
    operator.save_window("Загрузить")
    expect(operator.row("Великобритания")).to_contain_text("9,50")
    operator.shot("rates")

    tariff = next(
        item for item in company.api.get("/billing/tariffs?page_size=500")["items"] if item["name"] == name
    )
    account = {"code": f"a{company.id}", "tariff_id": tariff["id"]}
    account_id = company.api.post("/billing/accounts", account)["id"]
    payment = {"kind": "payment", "amount": 1234500, "note": "Счёт 7"}
    company.api.post(f"/billing/accounts/{account_id}/ledger", payment)
    operator.open("/system?tab=accounts")
    page.get_by_role("button", name=f"История: a{company.id}").click()
    expect(operator.row("Счёт 7")).to_contain_text("123,45 RUB")
    operator.shot("history")


def test_a_webhook_and_its_secret(operator: Cabinet, company: Company) -> None:
    """«Веб-хуки»: an address that is none is refused in its field; the secret is shown once."""
    operator.open(f"/c/{company.id}/webhooks")
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill("CRM")
    operator.window.get_by_label("Адрес").fill("crm")
    operator.window.get_by_label("платежи").check()
    operator.window.get_by_role("button", name="Сохранить").click()
    expect(operator.window.get_by_label("Адрес")).to_have_attribute("aria-invalid", "true")
    operator.window.get_by_label("Адрес").fill("https://crm.example/ats")
    operator.save_window()
    expect(operator.page.get_by_role("status").locator("code")).to_have_text(re.compile("^[0-9a-f]{48}$"))
    expect(operator.row("CRM")).to_contain_text("ещё нечего сообщать")
    operator.shot("secret")
    operator.page.reload()
    expect(operator.row("CRM")).to_contain_text("платежи")
    expect(operator.page.locator("code")).to_have_count(0)


def test_a_pin_and_telephones_of_a_user(operator: Cabinet, company: Company) -> None:
    """«Пользователи → Изменить → Вызовы извне» (S234, S235): a PIN made, a weak one refused, taken away; telephones."""
    user = {"login": f"remote{company.id}", "password": "Correct-Horse-7", "role": "client_user"}
    user_id = company.api.post(f"{company.path}/users", user)["id"]

    def access() -> dict[str, object]:
        found: dict[str, object] = company.api.get(f"{company.path}/users/{user_id}/remote")
        return found

    operator.open(f"/c/{company.id}/users")
    operator.page.get_by_role("button", name=f"Изменить: {user['login']}").click()
    operator.window.get_by_role("tab", name="Вызовы извне").click()
    operator.window.get_by_role("button", name="Создать PIN").click()
    expect(operator.window.locator("code")).to_have_text(re.compile(r"^\d{8}$"))
    operator.window.get_by_label("Свой PIN").fill("111111")
    operator.window.get_by_role("button", name="Задать").click()
    expect(operator.window.get_by_label("Свой PIN")).to_have_attribute("aria-invalid", "true")
    operator.shot("weak-pin")
    operator.window.get_by_label("Свой PIN").fill("")
    operator.window.get_by_label("Телефоны").fill("8 916 123-45-67")
    operator.window.get_by_role("button", name="Сохранить телефоны").click()
    expect(operator.window.get_by_text("+79161234567", exact=True)).to_be_visible()
    operator.shot("telephones")
    assert access() == {"has_pin": True, "callers": ["+79161234567"]}
    operator.window.get_by_role("button", name="Убрать PIN").click()
    expect(operator.window.get_by_text("не задан")).to_be_visible()
    assert access()["has_pin"] is False


def test_how_long_recordings_are_kept(operator: Cabinet, company: Company) -> None:
    """«Записи разговоров»: days and megabytes of a client."""
    operator.open(f"/c/{company.id}/recordings")
    operator.page.get_by_label("Хранить дней").fill("90")
    operator.button("Сохранить").click()
    expect(operator.page.get_by_text("Сохранено")).to_be_visible()
    operator.shot("keeping")
    kept = company.api.get(f"{company.path}/recordings/keeping")
    assert (kept["keep_days"], kept["quota_mb"]) == (90, 0)
