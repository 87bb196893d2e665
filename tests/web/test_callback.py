"""The small page for a mobile telephone: the exchange calls one and then the other (S236)."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.harness.company import Company
from tests.web.cabinet import Cabinet

PASSWORD = "Call-me-back-7"
PHONE = {"width": 390, "height": 844}


def test_called_back_from_a_page_on_a_telephone(
    company: Company, new_cabinet: Callable[..., Cabinet]
) -> None:
    mine, wanted = company.line("100"), company.line("101")
    login = f"mobile{company.id}"
    user = {"login": login, "password": PASSWORD, "rights": ["http_login", "view_own", "web_services"]}
    company.api.post(f"{company.path}/users", user)
    company.wait_active()
    for line in (mine, wanted):
        line.phone.register()
    cabinet = new_cabinet(viewport=PHONE)
    page = cabinet.page
    cabinet.log_in(login, PASSWORD)
    page.get_by_role("button", name="Моя учётная запись").click()
    page.get_by_role("menuitem", name="Обратный вызов").click()
    page.get_by_label("Мой телефон").fill("100")
    page.get_by_label("С кем соединить").fill("кому-нибудь")
    cabinet.button("Позвонить").click()
    expect(page.get_by_label("С кем соединить")).to_have_attribute("aria-invalid", "true")
    cabinet.shot("refused")
    first, second = mine.phone.answer(), wanted.phone.answer(talk_ms=1500)
    page.get_by_label("С кем соединить").fill("101")
    cabinet.button("Позвонить").click()
    expect(page.get_by_role("status")).to_contain_text("Станция звонит вам")
    cabinet.shot("ordered")
    for phone in (first, second):
        phone.wait()
    [row] = company.calls(1)
    assert (row["caller"], row["called"], row["result"]) == ("101", "100", "answered")
    # One's own telephone is remembered, the other comes with the address.
    page.goto(f"{cabinet.base}/callback?to=%2B74951112233")
    expect(page.get_by_label("Мой телефон")).to_have_value("100")
    expect(page.get_by_label("С кем соединить")).to_have_value("+74951112233")


def test_without_the_right_it_is_not_offered(company: Company, new_cabinet: Callable[..., Cabinet]) -> None:
    login = f"still{company.id}"
    company.api.post(f"{company.path}/users", {"login": login, "password": PASSWORD, "role": "client_user"})
    cabinet = new_cabinet()
    cabinet.log_in(login, PASSWORD)
    cabinet.page.get_by_role("button", name="Моя учётная запись").click()
    expect(cabinet.page.get_by_role("menuitem", name="Мои настройки")).to_be_visible()
    expect(cabinet.page.get_by_role("menuitem", name="Обратный вызов")).to_have_count(0)
