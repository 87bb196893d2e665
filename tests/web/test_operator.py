"""What the operator does beside its clients: a trunk, routes over it, the state of the system."""

import re

from playwright.sync_api import expect

from tests.harness.instance import Instance
from tests.web.cabinet import Cabinet


def test_trunk_and_route(operator: Cabinet, instance: Instance) -> None:
    own = instance.operator_id()
    operator.open(f"/c/{own}/ports")
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill("Вышестоящий")
    operator.choose("Подключение", "оператор")
    operator.window.get_by_role("tab", name="VoIP").click()
    # Refusals of a field stand beside it, whatever tab was open (S71)
    operator.window.get_by_label("Удалённый адрес").fill("not a host")
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    expect(operator.window.get_by_label("Удалённый адрес")).to_have_attribute("aria-invalid", "true")
    operator.shot("trunk-refused")
    operator.window.get_by_label("Удалённый адрес").fill("127.0.0.9")
    operator.window.get_by_label("Регистрироваться у оператора").uncheck()
    operator.window.get_by_role("tab", name="IP сети").click()
    operator.window.get_by_label("Разрешённые сети").fill("127.0.0.9/32")
    operator.save_window()
    expect(operator.row("Вышестоящий")).to_contain_text("оператор")

    operator.open("/system?tab=routes")
    operator.button("Создать").click()
    operator.window.get_by_label("Префикс").fill("7495")
    operator.window.get_by_label("Порты операторов").click()
    operator.page.get_by_role("option", name="Вышестоящий").click()
    operator.page.keyboard.press("Tab")
    operator.save_window()
    expect(operator.row("+7495…")).to_contain_text("Вышестоящий")
    operator.shot("routes")

    # Changed: another trunk before the first one, in the order they were chosen; a refusal stands beside its field.
    trunk = {"name": "Запасной", "connection": "trunk", "remote_host": "127.0.0.8", "register": False}
    spare = instance.api.post(f"/clients/{own}/ports", trunk)["id"]
    operator.page.reload()
    operator.page.get_by_role("button", name=re.compile("^Изменить: .*7495")).click()
    expect(operator.window.get_by_label("Префикс")).to_have_value("7495")
    trunks = operator.window.get_by_role("combobox", name="Порты операторов")
    trunks.press("Backspace")  # the last one of the field
    for name in ("Запасной", "Вышестоящий"):
        trunks.fill(name)
        operator.page.get_by_role("option", name=name).click()
    operator.page.keyboard.press("Tab")
    operator.window.get_by_label("Префикс").fill("+7 столица")
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    expect(operator.window.get_by_label("Префикс")).to_have_attribute("aria-invalid", "true")
    operator.shot("route-refused")
    operator.window.get_by_label("Префикс").fill("7499")
    operator.save_window()
    expect(operator.row("+7499…")).to_contain_text("Запасной")
    (route,) = (one for one in instance.api.get("/routes")["items"] if one["prefix"] == "7499")
    assert route["trunk_ids"][0] == spare and len(route["trunk_ids"]) == 2


def test_a_port_over_another_protocol(operator: Cabinet, instance: Instance) -> None:
    """«Тип порта» (S60): the window asks only what the protocol has, the list and «Для телефона» name it."""
    client = instance.api.post("/clients", {"name": "Факс-модемы"})["id"]
    operator.open(f"/c/{client}/ports")
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill("Факс-модем")
    operator.choose("Тип порта", "IAX2")
    operator.window.get_by_role("tab", name="VoIP").click()
    expect(operator.window.get_by_label("Логин")).to_be_visible()
    for only_sip in ("DTMF", "Одновременных регистраций", "Веб-телефон", "Голосовой трафик через сервер"):
        expect(operator.window.get_by_label(only_sip, exact=True)).to_have_count(0)
    operator.shot("port-iax2")
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    expect(operator.window.get_by_text("Настройки телефона: Факс-модем")).to_be_visible()
    expect(operator.window.get_by_text(str(instance.config.iax_port), exact=True)).to_be_visible()
    operator.window.get_by_role("button", name="Закрыть", exact=True).last.click()
    expect(operator.row("Факс-модем")).to_contain_text("IAX2")
    operator.shot("ports-iax2")

    operator.button("Создать").click()
    operator.choose("Тип порта", "IAX2")
    operator.choose("Подключение", "оператор")
    operator.window.get_by_role("tab", name="VoIP").click()
    expect(operator.window.get_by_label("Удалённый порт")).to_have_value("4569")

    # H.323 knows a caller by his address alone: only the operator's own client has such ports (S15).
    operator.window.get_by_role("tab", name="Общие").click()
    operator.window.get_by_role("combobox", name="Тип порта", exact=True).click()
    expect(operator.page.get_by_role("option", name="IAX2")).to_be_visible()
    expect(operator.page.get_by_role("option", name="H.323")).to_have_count(0)
    operator.open(f"/c/{instance.operator_id()}/ports")
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill("Шлюз H.323")
    operator.choose("Тип порта", "H.323")
    expect(operator.window.get_by_role("combobox", name="Подключение", exact=True)).to_have_value("оператор")
    expect(operator.window.get_by_role("tab")).to_have_text(["Общие", "VoIP", "IP сети", "Ограничения"])
    operator.window.get_by_role("tab", name="VoIP").click()
    expect(operator.window.get_by_label("Удалённый порт")).to_have_value("1720")
    expect(operator.window.get_by_label("Удалённый логин")).to_have_count(0)
    operator.window.get_by_label("Удалённый адрес").fill("h323.example.org")
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    expect(operator.window.get_by_text("Для H.323 нужен IPv4-адрес, не имя.").first).to_be_visible()
    operator.shot("port-h323")
    operator.window.get_by_label("Удалённый адрес").fill("192.0.2.7")
    operator.save_window()
    expect(operator.row("Шлюз H.323")).to_contain_text("H.323")
    operator.shot("ports-h323")


def test_state_of_the_system(operator: Cabinet) -> None:
    operator.open("/system")
    for part in ("База данных", "Станция", "Агент узла", "Обработчик журнала"):
        expect(operator.page.get_by_text(part, exact=True)).to_be_visible()
    expect(operator.page.get_by_text("не работает")).to_have_count(0)
    operator.shot("system")


def test_a_refused_field_is_marked_in_place(operator: Cabinet) -> None:
    operator.button("Создать").click()
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    expect(operator.window.get_by_label("Название")).to_have_attribute("aria-invalid", "true")
    expect(operator.window.get_by_text("Заполните это поле.")).to_be_visible()
    operator.shot("required")


def test_a_number_in_use_says_where(operator: Cabinet, instance: Instance) -> None:
    client = instance.api.post("/clients", {"name": "Занятый номер"})["id"]
    for digits in ("100", "200"):
        instance.api.post(f"/clients/{client}/numbers/internal", {"digits": digits})
    first, second = instance.api.get(f"/clients/{client}/numbers/internal?sort=digits")["items"]
    action = {"kind": "number", "number_id": first["id"]}
    body = {"revision": second["revision"], "steps": [{"level": 1, "action": action}]}
    instance.api.put(f"/clients/{client}/numbers/{second['id']}/dialplan", body)
    operator.open(f"/c/{client}/numbers/internal")
    operator.page.get_by_role("button", name="Удалить: 100").click()
    operator.window.get_by_role("button", name="Удалить").click()
    expect(operator.window.get_by_role("alert")).to_contain_text("200")
    operator.shot("in-use")
    operator.window.get_by_role("button", name="Отмена").click()
    expect(operator.row("100").first).to_be_visible()
