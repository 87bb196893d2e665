"""«Система» and «Журнал изменений» at a browser: backups, addresses shut out, settings, and a change taken back."""

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from launcher import health
from tests.harness.api import Api
from tests.harness.authority import Authority
from tests.harness.company import Company
from tests.harness.instance import Instance, wait_for
from tests.web.axe import assert_accessible
from tests.web.cabinet import Cabinet

HOSTILE = "<script>alert(1)</script> \u202e" + "x" * 10_000 + " 🙈"


def only_by_order(api: Api) -> None:
    """No daily backup, nor the one made already: these tests may run in its hour."""
    api.patch("/system/settings", {"backups": {"daily": False}})

    def made() -> list[dict[str, Any]]:
        return api.get("/system/backups")["items"]

    wait_for(lambda: all(one["state"] == "done" for one in made()), 60, lambda: str(made()))
    for one in made():
        api.delete(f"/system/backups/{one['name']}")


def test_system_by_topics(operator: Cabinet, instance: Instance) -> None:
    only_by_order(instance.api)
    page = operator.page
    operator.open("/system?tab=backups")
    operator.button("Сделать копию").click()
    expect(operator.row("ats-")).to_contain_text("МБ", timeout=60_000)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Скачать").first.click()
    assert taken.value.path().read_bytes()[:2] == b"\x1f\x8b"
    assert_accessible(operator)
    operator.shot("backups")
    page.get_by_role("button", name="Удалить").first.click()
    operator.window.get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Копий пока нет.")).to_be_visible()

    operator.open("/system?tab=bans")
    operator.button("Закрыть адрес").click()
    operator.window.get_by_label("IP-адрес").fill("127.0.0.1")
    operator.window.get_by_role("button", name="Сохранить", exact=True).click()
    expect(operator.window.get_by_label("IP-адрес")).to_have_attribute("aria-invalid", "true")
    operator.window.get_by_label("IP-адрес").fill("203.0.113.7")
    operator.save_window()
    expect(operator.row("203.0.113.7")).to_contain_text("вручную")
    operator.shot("bans")
    operator.row("203.0.113.7").get_by_role("button", name="Действия").click()
    page.get_by_role("menuitem", name="Открыть").click()
    operator.window.get_by_role("button", name="Открыть", exact=True).click()
    expect(operator.row("203.0.113.7")).to_have_count(0)

    operator.open("/system?tab=codes")
    expect(page.get_by_role("table", name="Коды услуг")).to_be_visible()
    park = page.get_by_label("Парковка вызова").first
    kept = park.input_value()
    park.fill("abc")
    operator.button("Сохранить").click()
    expect(park).to_have_attribute("aria-invalid", "true")
    operator.shot("codes")
    park.fill(kept)
    operator.open("/system?tab=settings")
    keeping = page.get_by_role("form", name="Хранение записей")
    keeping.get_by_label("Хранить, дней").fill("45")
    keeping.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Сохранено").first).to_be_visible()
    assert_accessible(operator)
    operator.shot("settings-of-the-exchange")


def test_own_certificate(operator: Cabinet, instance: Instance, company: Company, tmp_path: Path) -> None:
    """Refused in words beside the field, taken over, shown, and back again; soon over, the overview says so."""
    page = operator.page
    chain, key = Authority(tmp_path).issue("ats.example.org", days=20)
    operator.open("/system?tab=certificates")
    expect(page.get_by_text("подписан самой станцией")).to_be_visible()
    assert_accessible(operator)
    operator.shot("certificates")
    operator.button("Загрузить свой").click()
    assert_accessible(operator)
    operator.window.get_by_label("Сертификат с цепочкой").fill(HOSTILE)
    operator.button("Сохранить").click()
    expect(operator.window.get_by_text("Это не сертификат в формате PEM")).to_be_visible()
    operator.window.get_by_label("Сертификат с цепочкой").fill(chain)
    with page.expect_file_chooser() as choosing:
        operator.button("Ключ из файла…").click()
    (tmp_path / "key.pem").write_text(key)
    choosing.value.set_files(tmp_path / "key.pem")
    expect(operator.window.get_by_label("Закрытый ключ")).to_have_value(key)
    operator.shot("certificate-upload")
    operator.save_window()
    expect(page.get_by_text("CN=ats.example.org")).to_be_visible()
    expect(page.get_by_text("ещё 18 дней")).to_be_visible()
    operator.shot("certificate-own")

    # SIP over TLS shows the former one until the engine starts anew; how many calls that cuts is said before.
    first, second = company.line("100"), company.line("101")
    company.wait_active()
    for line in (first, second):
        line.phone.register()
    answering = first.phone.answer()
    talking = second.phone.start_call("100", talk_ms=600_000)
    wait_for(lambda: instance.api.get("/system/certificate")["calls_now"] == 1, 20)
    page.reload()
    expect(page.get_by_text("ещё прежний")).to_be_visible()
    operator.button("Перезапустить движок").click()
    expect(operator.window).to_contain_text("Сейчас идёт 1 вызов, он прервётся.")
    assert_accessible(operator)
    operator.shot("restart")
    operator.window.get_by_role("button", name="Перезапустить", exact=True).click()
    expect(page.get_by_text("Движок перезапущен")).to_be_visible()
    tls = page.get_by_role("region", name="Кто его предъявляет")
    expect(tls.get_by_text("предъявляет", exact=True)).to_have_count(1, timeout=30_000)
    operator.shot("restarted")
    for phone in (answering, talking):
        phone.stop()
    (entry,) = instance.api.get(f"/clients/{instance.operator_id()}/audit?verb=restart")["items"]
    assert entry["actor_login"] == instance.admin["login"] and entry["object_type"] == "node"
    health.wait(instance.config, lambda _text: None)
    operator.open(f"/c/{instance.operator_id()}/overview")
    page.get_by_role("link", name="Сертификат станции действует ещё 18 дней").click()
    operator.button("Выпустить самоподписанный").click()
    operator.window.get_by_role("button", name="Заменить").click()
    expect(page.get_by_text("подписан самой станцией")).to_be_visible()


def test_a_deleted_port_comes_back(operator: Cabinet, company: Company) -> None:
    port = company.port("Касса", login="")
    company.api.delete(f"{company.path}/ports/{port['id']}")
    page = operator.page
    operator.open(f"/c/{company.id}/audit")
    operator.row("удалил").get_by_role("button", name="Действия").click()
    page.get_by_role("menuitem", name="Отменить изменение…").click()
    operator.window.get_by_role("button", name="Отменить изменение").click()
    expect(page.get_by_text("Пароль у порта новый")).to_be_visible()
    operator.shot("port-again")
    operator.menu("Порты VoIP")
    expect(operator.row("Касса")).to_be_visible()
    company.api.get(
        f"{company.path}/ports/{company.api.get(company.path + '/ports')['items'][0]['id']}/credentials"
    )
    operator.open(f"/c/{company.id}/audit")
    operator.row("посмотрел").first.get_by_role("button", name="Действия").click()
    page.get_by_role("menuitem", name="Почему нельзя отменить").click()
    expect(page.get_by_text("обратного действия для него нет")).to_be_visible()


def test_a_change_is_taken_back(operator: Cabinet, instance: Instance) -> None:
    own = instance.operator_id()
    instance.api.patch("/system/settings", {"recordings": {"keep_days": 77}})
    page = operator.page
    operator.open(f"/c/{own}/audit")
    row = operator.row("Хранить записи, дней").filter(has_text="77").first
    expect(row).to_contain_text("изменил")
    assert_accessible(operator)
    row.get_by_role("button", name="Действия").click()
    page.get_by_role("menuitem", name="Отменить изменение…").click()
    operator.shot("undo")
    operator.window.get_by_role("button", name="Отменить изменение").click()
    expect(page.get_by_text("Изменение отменено")).to_be_visible()
    expect(operator.row("отменено").filter(has_text="77").first).to_be_visible()
    assert instance.api.get("/system/settings")["recordings"]["keep_days"] != 77
    operator.shot("audit")
