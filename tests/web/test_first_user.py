"""The first-user path of the manual, in the browser, up to calls that ring, are heard and stand in Детализация."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from ats.config import Config
from tests.harness.instance import Instance
from tests.harness.phones import SipPhone
from tests.harness.tones import write_tone
from tests.web import softphone
from tests.web.cabinet import Cabinet

PASSWORD = "Vasilek-2026-ats"


def test_from_log_in_to_a_call_in_call_detail(
    operator: Cabinet,
    instance: Instance,
    config: Config,
    tmp_path: Path,
    new_cabinet: Callable[..., Cabinet],
) -> None:
    page = operator.page

    # «Клиенты → Создать» (S33), «Администрирование» → Обзор (S35, S36)
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill("Василёк")
    operator.shot("new-client")
    operator.save_window()
    operator.row("Василёк").get_by_role("link", name="Администрирование").click()
    expect(page.get_by_role("heading", level=1, name="Обзор")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Администрирование клиента")).to_contain_text("Василёк")
    expect(page.get_by_text("До первого звонка осталось")).to_be_visible()
    operator.shot("overview-of-an-empty-client")
    client_id = int(page.url.split("/c/")[1].split("/")[0])

    # «Пользователи → Создать», rights by a preset (S41-S49)
    operator.menu("Пользователи")
    operator.button("Создать").click()
    operator.window.get_by_label("Имя пользователя").fill("vasilek")
    operator.window.locator("input[type=password]").fill(PASSWORD)
    operator.window.get_by_role("tab", name="Права").click()
    operator.window.get_by_role("button", name="Администратор клиента").click()
    operator.shot("rights")
    operator.save_window()
    expect(operator.row("vasilek")).to_contain_text("Администратор клиента")

    # «Внутренние номера → Создать» (S53)
    operator.menu("Внутренние номера")
    for digits in ("100", "101"):
        operator.button("Создать").click()
        operator.window.get_by_label("Внутренний номер").fill(digits)
        operator.save_window()
        expect(operator.row(digits)).to_contain_text("диалплан пуст")

    # The operator's pool, then «Внешние номера → Добавить» from the free ones (S51, S52)
    operator.open("/system?tab=pool")
    operator.button("Добавить").click()
    operator.window.get_by_label("Номер (или первый)").fill("8 (499) 111-22-01")
    operator.window.get_by_label("Последний").fill("+74991112203")
    operator.save_window("Добавить")
    expect(operator.row("+7 499 111-22-03")).to_contain_text("свободен")
    operator.menu("Внешние номера")
    operator.button("Добавить").click()
    expect(operator.window.get_by_text("+7 499 111-22-01")).to_be_visible()
    operator.shot("free-numbers")
    operator.window.get_by_text("+7 499 111-22-02").click()
    expect(operator.row("+7 499 111-22-02")).to_be_visible()

    # «Порты VoIP → Создать» (S59), a generated password by the right button (S62)
    phones = [
        make_port(operator, config, name, digits) for name, digits in (("Линия 1", "100"), ("Линия 2", "101"))
    ]

    # The dialplan of both numbers (S87-S89, S107, S108): each rings its port
    for digits, port in (("100", "Линия 1"), ("101", "Линия 2")):
        operator.menu("Внутренние номера")
        operator.page.get_by_role("link", name=f"Изменить: {digits}").click()
        expect(page.get_by_text("Диалплан пуст", exact=True)).to_be_visible()
        operator.click_free_space(0.45, 0.4)
        operator.choose("Действие", port)
        operator.close_step()
        expect(operator.step(f"SIP {port}")).to_be_visible()
        operator.save_dialplan()
        begun = time.monotonic()
        expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")
        assert time.monotonic() - begun < 3, "a saved dialplan shows as active within a second or so"
        operator.shot(f"dialplan-{digits}")

    # Telephones with what the cabinet gave them; the list of ports sees them
    callee, caller = phones
    callee.register()
    caller.register()
    operator.menu("Порты VoIP")
    expect(operator.row("Линия 1").get_by_text("зарегистрирован", exact=True)).to_be_visible()
    operator.shot("ports-registered")

    # A call: live in «Активные вызовы», then a row in «Детализация» with its way in words
    operator.menu("Активные вызовы")
    ringing = callee.answer()
    call = caller.start_call("100", talk_ms=4000)
    expect(operator.row("101")).to_contain_text("разговор")
    operator.shot("active-call")
    call.wait()
    ringing.wait()
    expect(page.get_by_text("Сейчас никто не разговаривает.")).to_be_visible()

    operator.menu("Детализация")
    row = operator.row("101").filter(has_text="отвечен")
    expect(row).to_be_visible()
    operator.shot("call-detail")
    row.get_by_role("button", name=re.compile("Подробно")).click()
    card = operator.window
    expect(card.get_by_text("Путь по диалплану")).to_be_visible()
    expect(card).to_contain_text("Линия 1")
    operator.shot("call-card")
    page.keyboard.press("Escape")

    # Worked example 2 (S109): no answer within 5 s → a sound message, drawn by hand
    sound = write_tone(tmp_path / "moh.wav", 440, 8)
    operator.menu("Медиафайлы")
    operator.button("Загрузка файла").click()
    operator.window.locator("input[type=file]").set_input_files(sound)
    operator.save_window()
    expect(operator.row("moh")).to_contain_text("0:08")
    operator.shot("sounds")
    operator.open(f"/c/{client_id}/numbers/internal")
    operator.page.get_by_role("link", name="Изменить: 100").click()
    operator.open_step("SIP Линия 1")
    operator.window.get_by_label("Таймаут").fill("5")
    operator.close_step()
    operator.click_free_space(0.85, 0.75)
    operator.choose("Действие", "moh")
    operator.close_step()
    operator.drag_condition("SIP Линия 1", "Нет ответа", operator.step("moh"))
    expect(operator.page.locator(".react-flow__edge[data-id$=no_answer]")).to_have_count(1)
    operator.save_dialplan()
    expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")
    operator.button("Разложить").click()
    operator.shot("worked-example-2")
    rung = callee.let_ring()
    caller.call("100", talk_ms=800, timeout=40)
    rung.stop()
    operator.page.on("dialog", lambda dialog: dialog.accept())
    operator.menu_leaving("Детализация")
    expect(operator.row("101")).to_have_count(2)
    operator.row("101").first.get_by_role("button", name=re.compile("Подробно")).click()
    expect(operator.window).to_contain_text("Нет ответа")
    operator.shot("call-card-no-answer")
    page.keyboard.press("Escape")

    # The user's own telephone is in his browser: it registers, calls, hears the message, sees the call
    operator.menu("Внутренние номера")
    operator.button("Создать").click()
    operator.window.get_by_label("Внутренний номер").fill("102")
    operator.save_window()
    operator.menu("Порты VoIP")
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill("Браузер")
    operator.choose("Номер", "102")
    operator.choose("Закреплён за пользователем", "vasilek")
    operator.window.get_by_role("tab", name="VoIP").click()
    operator.window.get_by_label("Веб-телефон").check()
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    card = page.get_by_role("dialog", name="Настройки телефона: Браузер")
    card.get_by_role("button", name="Закрыть").last.click()
    instance.wait_active(client_id)
    own = new_cabinet()
    softphone.prepare(own.page)
    own.log_in("vasilek", PASSWORD)
    softphone.switch_on(own)
    expect(operator.row("Браузер").get_by_text("зарегистрирован", exact=True)).to_be_visible()
    rung = callee.let_ring()
    softphone.dial(own, "100")
    expect(own.page.get_by_text("вызов…")).to_be_visible()
    heard = softphone.hears(own.page, 30)
    assert heard["codec"] == "audio/opus", heard
    own.shot("hears-the-message")
    own.button("Завершить").click()
    rung.stop()
    own.menu("Детализация")
    expect(own.row("102")).to_contain_text("отвечен")
    newest = instance.calls(client_id, 3)[0]
    assert (newest["caller"], newest["called"], newest["result"]) == ("102", "100", "answered")
    own.shot("own-call-detail")

    # Every one of these changes stands in the change log, in words
    operator.menu("Журнал изменений")
    expect(operator.row("сохранил диалплан")).to_have_count(3)
    words = page.locator("td .mantine-Badge-label").all_inner_texts()
    assert words and all(re.fullmatch("[а-яё ]+", word) for word in words), words
    operator.shot("change-log")


def make_port(operator: Cabinet, config: Config, name: str, digits: str) -> SipPhone:
    """«Порты VoIP → Создать» with a password from the right-click menu; a phone set up from the card."""
    operator.menu("Порты VoIP")
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill(name)
    operator.choose("Номер", digits)
    operator.window.get_by_role("tab", name="VoIP").click()
    operator.window.get_by_label("VoIP пароль").click(button="right")
    offered = operator.page.get_by_role("menu").get_by_role("menuitem")
    expect(offered).to_have_count(5)
    operator.shot(f"password-{digits}")
    password = offered.nth(2).inner_text().strip()
    offered.nth(2).click()
    expect(operator.window.get_by_label("VoIP пароль")).to_have_value(password)
    login = operator.window.get_by_label("Логин").input_value()
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    card = operator.page.get_by_role("dialog", name=f"Настройки телефона: {name}")
    for text in (login, password, "127.0.0.1", str(config.sip_port)):
        expect(card.get_by_text(text, exact=True)).to_be_visible()
    expect(card.get_by_alt_text("QR-код с логином и паролем")).to_be_visible()
    operator.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card.get_by_role("button", name="Скопировать: VoIP пароль").click()
    assert operator.page.evaluate("navigator.clipboard.readText()") == password
    card.get_by_role("button", name="Готовые настройки для baresip").click()
    expect(card.get_by_text(f"auth_user={login}")).to_be_visible()
    operator.shot(f"credentials-{digits}")
    card.get_by_role("button", name="Закрыть").last.click()
    expect(operator.row(name)).to_be_visible()
    return SipPhone(config.sip_port, login, password)
