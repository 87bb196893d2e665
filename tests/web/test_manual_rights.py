"""«Администрирование» of the manual: its four kinds of users, the further rights, and its table of who may do what."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.harness.city import City
from tests.harness.company import PASSWORD as TELEPHONE
from tests.harness.company import Company
from tests.harness.instance import Instance, wait_for
from tests.harness.phones import SipPhone
from tests.harness.softphone import baresip
from tests.web.cabinet import Cabinet
from tests.web.manual import Reader

PASSWORD = "Four-kinds-2026"
CITY = ("127.0.0.72", "127.0.0.73")
KNOWN = "79161110077"
OF = (
    "Просмотр настроек",
    "Просмотр детализации",
    "Управление вызовами",
    "Изменение",
    "Добавление",
    "Удаление",
)
# «Структура прав пользователей … Какие права необходимы»
ROLES = {
    "Администратор системы": ("Управление системой", "Вход по HTTP"),
    "Администратор клиентов": tuple(f"{words} клиентов" for words in OF),
    "Администратор клиента": tuple(f"{words} пользователей" for words in OF),
    "Пользователь клиента": (*OF[:3], "Изменение настроек"),
}
# The manual's table, for the four roles in turn; the label of its first row is lost. Two signs differ, for the manual
# itself asks for it elsewhere: an administrator of a client draws the dialplans of his company («Создание диалплана»),
# and whoever is of a client sees in «Сеть/Адреса» the equipment of his own company (that of others nobody shows him).
TABLE = {
    "Добавление клиентов": "++--",
    "Удаление клиентов": "++--",
    "Добавление пользователей": "+++-",
    "Удаление пользователей": "+++-",
    "Добавление внутренних номеров": "+++-",
    "Удаление внутренних номеров": "+++-",
    "Добавление городских номеров": "++--",
    "Удаление городских номеров": "++--",
    "Добавление VoIP портов": "++--",
    "Удаление VoIP портов": "++--",
    "Изменение диалплана номеров клиента": "+++-",
    "Изменение диалплана номеров пользователей": "+++-",
    "Сети / Адреса всех клиентов": "++--",
    "Системные настройки": "+---",
}


def test_the_manuals_table_of_rights(
    operator: Cabinet, instance: Instance, company: Company, new_cabinet: Callable[..., Cabinet]
) -> None:
    line = company.line("100")
    city = f"+7 495 734-{company.id // 100:02d}-{company.id % 100:02d}"
    company.external(f"7495734{company.id:04d}")
    name = company.api.get(company.path)["name"]
    own_client = instance.api.get(f"/clients/{instance.operator_id()}")["name"]
    reader = Reader(operator)
    logins = {}
    for place, (role, rights) in enumerate(ROLES.items()):
        # «Пользователи → Создать», «Вкладка Права»: of the operator's people, then of the client's
        reader.administer(own_client if place < 2 else name)
        reader.follow("Пользователи → Создать")
        logins[role] = f"kind{place}-{company.id}"
        reader.fill({"Имя пользователя": logins[role]})
        operator.window.get_by_label("Пароль").first.fill(PASSWORD)
        reader.tab("Права")
        operator.window.get_by_role("button", name=role, exact=True).click()
        for right in rights:
            expect(operator.window.get_by_label(right, exact=True)).to_be_checked()
        operator.shot(f"role-{place}")
        reader.save()
        expect(operator.row(logins[role])).to_contain_text(role)
    # «может управлять только выделенными ему номерами»
    users = company.api.get(f"{company.path}/users")["items"]
    user = next(one["id"] for one in users if one["login"] == logins["Пользователь клиента"])
    his = company.number("101")
    company.api.patch(f"{company.path}/numbers/{his}", {"owner_id": user})

    found = dict.fromkeys(TABLE, "")
    for place, role in enumerate(ROLES):
        cabinet = new_cabinet()
        cabinet.log_in(logins[role], PASSWORD)
        if place < 2:
            Reader(cabinet).administer(name)
        signs = what_may_be_done(cabinet, company, name, city, (line.number_id, his))
        cabinet.shot(f"looked-{place}")
        for row, sign in signs.items():
            found[row] += sign
        cabinet.page.context.close()
    assert found == TABLE


def what_may_be_done(
    cabinet: Cabinet, company: Company, name: str, city: str, numbers: tuple[int, int]
) -> dict[str, str]:
    """Row of the table → + or -, by what the screens offer."""
    page = cabinet.page
    main, menu = page.get_by_role("main"), page.get_by_role("navigation")

    def sign(shown: bool) -> str:
        return "+" if shown else "-"

    def offered(section: str, row: str, verb: str, remove: str) -> tuple[str, str]:
        """Whether a section has the button `verb`, and the row's `remove`."""
        if menu.get_by_role("link", name=section, exact=True).count() == 0:
            return "-", "-"
        cabinet.menu(section)
        expect(main.locator("tbody tr").first).to_be_visible()
        expect(main.locator(".mantine-Loader-root:visible, .mantine-Skeleton-root:visible")).to_have_count(0)
        if section == "Клиенты":
            cabinet.find(name)
            expect(cabinet.row(name)).to_be_visible()
        removal = page.get_by_role("button", name=f"{remove}: {row}", exact=True)
        return sign(cabinet.button(verb).count() > 0), sign(removal.count() > 0)

    users = offered("Пользователи", f"kind3-{company.id}", "Создать", "Удалить")
    internal = offered("Внутренние номера", "100", "Создать", "Удалить")
    external = offered("Внешние номера", city, "Добавить", "Вернуть в пул")
    ports = offered("Порты VoIP", "Линия 100", "Создать", "Удалить")
    drawn = []
    for number in numbers:
        cabinet.open(f"/c/{company.id}/numbers/{number}/dialplan")
        refused = page.get_by_text("Только просмотр").or_(page.get_by_role("alert"))
        expect(cabinet.button("Добавить шаг").or_(refused).first).to_be_visible()
        drawn.append(sign(cabinet.button("Добавить шаг").count() > 0))
    network = menu.get_by_role("link", name="Сеть/Адреса", exact=True)
    everywhere = network.get_attribute("href") == "/network"
    settings = "-"
    if menu.get_by_role("link", name="Система", exact=True).count():
        cabinet.menu("Система")
        expect(page.get_by_role("tab").first).to_be_visible()
        settings = sign(page.get_by_role("tab", name="Настройки", exact=True).count() > 0)
    clients = offered("Клиенты", name, "Создать", "Удалить")
    values = [*clients, *users, *internal, *external, *ports, *drawn, sign(everywhere), settings]
    return dict(zip(TABLE, values, strict=True))


def test_further_rights(
    operator: Cabinet, instance: Instance, company: Company, new_cabinet: Callable[..., Cabinet]
) -> None:
    """«Дополнительные наборы прав»: each shows at once what the manual says of it."""
    login = f"further{company.id}"
    user = {"login": login, "password": PASSWORD, "role": "client_admin"}
    company.api.post(f"{company.path}/users", user)
    own = new_cabinet()
    own.log_in(login, PASSWORD)
    menu = own.page.get_by_role("navigation")
    theirs = Reader(own)

    def shown() -> tuple[bool, bool, bool]:
        """Extended settings, telemarketing, web services."""
        theirs.follow("Сервисы → Очереди обработки вызовов → Создать")
        advanced = own.window.get_by_role("tab", name="Ожидание").count() > 0
        own.page.keyboard.press("Escape")
        expect(own.window).to_have_count(0)
        own.page.get_by_role("button", name="Моя учётная запись").click()
        expect(own.page.get_by_role("menuitem", name="Мои настройки")).to_be_visible()
        web = own.page.get_by_role("menuitem", name="Обратный вызов").count() > 0
        own.page.keyboard.press("Escape")
        return advanced, menu.get_by_role("link", name="Телемаркетинг", exact=True).count() > 0, web

    assert shown() == (False, False, False)
    operator.open(f"/c/{company.id}/overview")
    reader = Reader(operator)
    reader.follow("Пользователи")
    reader.change(login)
    reader.tab("Права")
    for right in (
        "Авторизация по pin-коду", "Авторизация по CLIP", "Использование WEB-служб", "Расширенные настройки",
        "Телемаркетинг",
    ):  # fmt: skip
        operator.window.get_by_label(right, exact=True).check()
    operator.shot("further")
    # «Авторизация по pin-коду — для звонков с помощью PIN кодов»
    reader.save()
    own.page.reload()
    expect(own.page.get_by_role("banner")).to_be_visible()
    assert shown() == (True, True, True)
    own.shot("shown")


@pytest.fixture
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, *CITY)
    yield made
    made.close()


def test_calls_by_pin_and_by_clip(
    operator: Cabinet, instance: Instance, company: Company, city: City
) -> None:
    """«Авторизация по pin-коду — для звонков с помощью PIN кодов. Авторизация по CLIP — используется для Callback»."""
    caller, callee = company.line("100"), company.line("101")
    company.number("150")
    did = f"7495736{company.id:04d}"
    company.external(did)
    login = f"remote{company.id}"
    user = {"login": login, "password": PASSWORD, "role": "client_user"}
    company.api.post(f"{company.path}/users", user)
    operator.open(f"/c/{company.id}/overview")
    reader = Reader(operator)
    reader.follow("Пользователи")
    reader.change(login)
    reader.tab("Права")
    for right in ("Авторизация по pin-коду", "Авторизация по CLIP"):
        operator.window.get_by_label(right, exact=True).check()
    reader.save()
    reader.change(login)
    reader.tab("Вызовы извне")
    operator.window.get_by_role("button", name="Создать PIN").click()
    pin = operator.window.locator("code").first.inner_text().strip()
    telephones = operator.window.get_by_label("Телефоны, до пяти")
    telephones.fill(f"+{KNOWN}")
    telephones.press("Enter")
    operator.window.get_by_role("button", name="Сохранить телефоны").click()
    expect(operator.page.get_by_text("Сохранено").first).to_be_visible()
    operator.shot("remote")
    operator.window.get_by_role("button", name="Закрыть").last.click()
    expect(operator.window).to_have_count(0)
    reader.leads("150", "Авторизация по PIN")
    with reader.dialplan(f"+7 495 736-{did[7:9]}-{did[9:]}", "Внешние номера"):
        reader.step("Обратный вызов", "Номер обработки", "101")
        operator.close_step()

    def asked(prompt: str) -> None:
        """Waits until the caller hears a prompt."""
        wait_for(lambda: prompt in instance.engine("core show channels concise"), 40, lambda: prompt)

    callee.phone.register()
    talk = callee.phone.answer(talk_ms=800)
    with baresip(instance.config.sip_port, caller.phone.login, TELEPHONE, 440) as phone:
        phone.dial("150")
        asked("vm-password")
        phone.press(f"{pin}#")
        asked("vm-enter-num-to-call")
        phone.press("101#")
        talk.wait(40)
        phone.hang_up()
    back, talk = city.first.answer(), callee.phone.answer(talk_ms=800)
    SipPhone(instance.config.sip_port, KNOWN, None, ip=city.first.ip).call(did, status=486)
    back.wait(40)
    talk.wait()
    reader.detail("100", "150", "отвечен")
    reader.detail(KNOWN, "исходящий", "отвечен")
    operator.shot("detail")
