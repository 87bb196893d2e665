"""«Подключение SIP линий от сторонних операторов» (S83-S86), by the manual's steps, then a call by that line."""

from playwright.sync_api import expect

from ats.config import Config
from bench.bare import PASSWORD, BareEngine
from tests.harness.company import Company
from tests.harness.phones import SipPhone
from tests.harness.ports import free_port
from tests.web.cabinet import Cabinet

IP = "127.0.0.66"  # of the other operator's server: an engine of its own


def test_a_line_of_another_operator(operator: Cabinet, company: Company, config: Config) -> None:
    line = company.line("100")
    company.api.post(f"{company.path}/pickup-groups", {"group": 1, "name": "Менеджеры"})
    page = operator.page
    # «Внутренние номера → Создать»: an arbitrary number of three digits, and its dialplan for what comes in
    operator.open(f"/c/{company.id}/overview")
    operator.menu("Внутренние номера")
    operator.button("Создать").click()
    operator.window.get_by_label("Внутренний номер").fill("300")
    operator.save_window()
    page.get_by_role("link", name="Изменить: 300").click()
    operator.click_free_space(0.45, 0.4)
    operator.choose("Действие", "Линия 100")
    operator.close_step()
    operator.save_dialplan()
    expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")

    with BareEngine(config, free_port(IP), IP) as server:
        # «Порты → Порты VoIP → Создать» (figures 33 and 34)
        operator.menu("Порты VoIP")
        operator.button("Создать").click()
        operator.window.get_by_label("Название").fill("Линия оператора")
        operator.choose("Тип порта", "SIP")
        operator.choose("Подключение", "оператор")
        operator.window.get_by_label("Описание").fill("Городской номер другого оператора")
        operator.choose("Группа", "Менеджеры")
        operator.choose("Номер", "300")
        operator.window.get_by_role("tab", name="VoIP").click()
        operator.window.get_by_label("Удалённый адрес").fill(IP)
        operator.window.get_by_label("Удалённый логин").fill("101")
        operator.window.get_by_label("VoIP пароль").fill(PASSWORD)
        operator.window.get_by_label("Удалённый порт").fill(str(server.sip_port))
        operator.window.get_by_label("Удалённый домен").fill(IP)
        operator.choose("DTMF", "RFC 4733")
        # Behind NAT the answer goes where the packet came from, and sound through the server (S64, S65)
        operator.window.get_by_label("Устройство за NAT").check()
        operator.window.get_by_label("Голосовой трафик через сервер").check()
        operator.shot("voip")
        operator.window.get_by_role("tab", name="IP сети").click()
        operator.window.get_by_label("Разрешённые сети").fill(f"{IP}/32")
        operator.save_window()
        row = operator.row("Линия оператора")
        # A first attempt lost on a busy machine is repeated by the engine after 20 s.
        expect(row.get_by_text("зарегистрирован", exact=True)).to_be_visible(timeout=60_000)
        operator.shot("registered")
        line.phone.register()
        abroad = SipPhone(server.sip_port, "100", PASSWORD, ip=IP, server=IP)
        abroad.register()
        ringing = line.phone.answer()
        abroad.call("101")
        ringing.wait()
    operator.menu("Детализация")
    expect(operator.row("отвечен")).to_contain_text("входящий")
    [call] = company.calls(1)
    assert any("300" in (item["number"] or "") for item in company.card(call["id"])["path"]), call
    operator.shot("call-detail")
