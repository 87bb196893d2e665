"""Every section for each of the four roles (S212-S229, S240-S248): the menu has just what the role may see, each
section opens without a fault, and the address of any other is refused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Response, expect

from tests.harness.company import Company
from tests.harness.instance import Instance
from tests.web.cabinet import Cabinet

PASSWORD = "Four-roles-2026"
_ALL = {"system_admin", "clients_admin", "client_admin", "client_user"}
_WHOLE = _ALL - {"client_user"}  # what belongs to the company as a whole
_OPERATOR = {"system_admin", "clients_admin"}
SECTIONS = {
    "Обзор": ("/c/{c}/overview", _ALL),
    "Активные вызовы": ("/c/{c}/calls/active", _ALL),
    "Внутренние номера": ("/c/{c}/numbers/internal", _ALL),
    "Внешние номера": ("/c/{c}/numbers/external", _ALL),
    "Порты VoIP": ("/c/{c}/ports", _ALL),
    "Очереди обработки вызовов": ("/c/{c}/queues", _WHOLE),
    "Номера переадресации": ("/c/{c}/forwardings", _WHOLE),
    "Голосовые меню": ("/c/{c}/menus", _WHOLE),
    "Ящики голосовой почты": ("/c/{c}/mailboxes", _WHOLE),
    "Конференции": ("/c/{c}/conferences", _WHOLE),
    "Праздники": ("/c/{c}/holidays", _WHOLE),
    "Медиапакеты": ("/c/{c}/packages", _WHOLE),
    "Медиафайлы": ("/c/{c}/sounds", _WHOLE),
    "Записи разговоров": ("/c/{c}/recordings", _WHOLE),
    "Группы перехвата": ("/c/{c}/pickup", _WHOLE),
    "Классификаторы": ("/c/{c}/classifiers", _WHOLE),
    "Телемаркетинг": ("/c/{c}/campaigns", {"system_admin"}),
    "Система": ("/system", _OPERATOR),
    "Сеть/Адреса": ("/network", _ALL),
    "Клиенты": ("/clients", _OPERATOR),
    "Пользователи": ("/c/{c}/users", _WHOLE),
    "Детализация": ("/c/{c}/calls", _ALL),
    "Журнал изменений": ("/c/{c}/audit", _WHOLE),
    "Веб-хуки": ("/c/{c}/webhooks", _OPERATOR),
}


@pytest.mark.parametrize("role", sorted(_ALL))
def test_every_section_of_a_role(
    role: str, instance: Instance, company: Company, new_cabinet: Callable[..., Cabinet]
) -> None:
    own = instance.operator_id() if role in _OPERATOR else company.id
    login = f"{role}-{company.id}"
    user = {"login": login, "password": PASSWORD, "role": role}
    instance.api.post(f"/clients/{own}/users", user)
    other = Company(instance, f"Чужой {role}")
    cabinet = new_cabinet()
    page = cabinet.page
    refused: list[str] = []

    def note(answer: Response) -> None:
        if answer.status >= 400:
            refused.append(f"{answer.status} {answer.url}")

    cabinet.log_in(login, PASSWORD)
    page.on("response", note)
    menu = page.get_by_role("navigation")
    mine = [name for name, (_, roles) in SECTIONS.items() if role in roles]
    expect(menu.get_by_role("link", name=mine[0], exact=True)).to_be_visible()
    if role in _OPERATOR:  # outside of a cabinet the manual's sections stand at one look
        within = list(SECTIONS)[1 : list(SECTIONS).index("Классификаторы")]
        assert sorted(menu.get_by_role("link").all_inner_texts()) == sorted(set(mine) - set(within))
        cabinet.menu("Обзор")
        expect(menu.get_by_role("link", name=within[0], exact=True)).to_be_visible()
    assert sorted(menu.get_by_role("link").all_inner_texts()) == sorted(mine)
    for name in mine:
        cabinet.menu(name)
        expect(page.locator("main .mantine-Skeleton-root").filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert refused == [], "a section asks for what its user may not see"
    cabinet.shot("last-section")

    # Who has only what was given to him is not told to make ports and numbers.
    cabinet.menu("Обзор")
    guide = page.get_by_role("heading", name="До первого звонка осталось")
    if role == "client_user":
        expect(page.get_by_text("За вами портов не закреплено")).to_be_visible()
        expect(guide).to_have_count(0)

    page.remove_listener("response", note)  # what else a refused screen asks is refused as well
    for name in SECTIONS.keys() - mine:
        cabinet.open(SECTIONS[name][0].format(c=own))
        expect(page.get_by_role("alert")).to_contain_text("Этот раздел вам недоступен")
    if role in _OPERATOR:
        cabinet.open(f"/c/{other.id}/users")
        expect(page.get_by_role("heading", level=1, name="Пользователи")).to_be_visible()
        return
    for name in ("Обзор", "Порты VoIP"):
        cabinet.open(SECTIONS[name][0].format(c=other.id))
        expect(page.get_by_role("alert")).to_contain_text("Этот раздел вам недоступен")
    cabinet.shot("refused")
    page.get_by_role("main").get_by_role("link", name="На начальную страницу").click()
    expect(page.get_by_role("heading", level=1, name="Обзор")).to_be_visible()
    for section in ("users", "ports", "calls"):
        answer = page.request.get(f"{cabinet.base}/api/clients/{other.id}/{section}")
        assert answer.status == 404, (section, answer.status)
