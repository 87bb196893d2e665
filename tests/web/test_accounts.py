"""Second factor, passkeys and sessions, as a person at a browser meets them."""

from collections.abc import Callable

import pyotp
from playwright.sync_api import expect

from tests.harness.company import Company
from tests.harness.instance import Instance
from tests.web.cabinet import Cabinet

PASSWORD = "Correct-Horse-7"


def person(instance: Instance, company: Company, login: str) -> str:
    """An administrator of the company; returns his log-in."""
    user = {"login": f"{login}{company.id}", "password": PASSWORD, "role": "client_admin"}
    instance.api.post(f"/clients/{company.id}/users", user)
    return user["login"]


def test_one_time_codes(new_cabinet: Callable[..., Cabinet], instance: Instance, company: Company) -> None:
    login = person(instance, company, "codes")
    cabinet = new_cabinet()
    cabinet.log_in(login, PASSWORD)
    cabinet.open("/settings")
    cabinet.button("Настроить").click()
    expect(cabinet.page.get_by_alt_text("QR-код для приложения")).to_be_visible()
    cabinet.shot("qr")
    secret = cabinet.page.locator("form code").inner_text()
    cabinet.page.get_by_label("Одноразовый код").fill("000000")
    cabinet.button("Включить").click()
    expect(cabinet.page.get_by_text("Код неверен или уже использован.")).to_be_visible()
    cabinet.page.get_by_label("Одноразовый код").fill(pyotp.TOTP(secret).now())
    cabinet.button("Включить").click()
    expect(cabinet.page.get_by_text("Резервные коды")).to_be_visible()
    cabinet.shot("recovery-codes")
    recovery = cabinet.page.get_by_role("alert").locator("pre").inner_text().split()[0]

    again = new_cabinet()
    again.open()
    again.try_log_in(login, PASSWORD)
    again.page.get_by_label("Одноразовый код").fill(recovery)
    again.shot("code-asked")
    again.button("Войти").click()
    expect(again.page.get_by_role("banner")).to_be_visible()
    again.open("/settings")
    expect(again.page.get_by_role("button", name="Завершить", exact=True)).to_have_count(1)
    again.page.get_by_role("button", name="Завершить", exact=True).click()
    expect(again.page.get_by_role("button", name="Завершить", exact=True)).to_have_count(0)
    cabinet.open("/settings")
    expect(cabinet.button("Войти")).to_be_visible()


def test_a_passkey_lets_in_without_a_password(
    new_cabinet: Callable[..., Cabinet], instance: Instance, company: Company
) -> None:
    """Chromium's own virtual authenticator signs; passkeys need a host name, hence localhost."""
    login = person(instance, company, "keys")
    cabinet = new_cabinet()
    cabinet.base = cabinet.base.replace("127.0.0.1", "localhost")
    session = cabinet.page.context.new_cdp_session(cabinet.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    cabinet.log_in(login, PASSWORD)
    cabinet.open("/settings")
    cabinet.page.get_by_label("Название ключа").fill("Ноутбук")
    form = cabinet.page.locator("form").filter(has=cabinet.page.get_by_label("Название ключа"))
    form.get_by_role("button", name="Создать").click()
    expect(cabinet.row("Ноутбук")).to_be_visible()
    cabinet.shot("passkey")
    cabinet.page.get_by_role("navigation").get_by_text("Выход").click()
    cabinet.button("Войти с ключом доступа").click()
    expect(cabinet.page.get_by_role("banner")).to_be_visible()
    assert login in cabinet.page.inner_text("body") or cabinet.page.url.endswith(f"/c/{company.id}")


def test_the_operator_demands_a_second_factor(
    operator: Cabinet, new_cabinet: Callable[..., Cabinet], instance: Instance, company: Company
) -> None:
    login = person(instance, company, "must")
    operator.open("/system?tab=security")
    operator.page.get_by_label("Администратор клиента", exact=True).check()
    operator.button("Сохранить").click()
    expect(operator.page.get_by_text("Сохранено").first).to_be_visible()
    operator.shot("rules")
    try:
        person_ = new_cabinet()
        person_.log_in(login, PASSWORD)
        person_.open("/settings")
        expect(person_.page.get_by_role("alert")).to_contain_text("Оператор требует второй фактор")
        person_.shot("demanded")
    finally:
        instance.api.patch("/security", {"second_factor_roles": []})
