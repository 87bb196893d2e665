"""«Пример настройки» of the manual, by somebody who has nothing but the manual: from «Создание компании» to
«Создание диалплана с условием», with what it needs of «Медиаресурсы»; then he calls, listens, and looks it up."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from ats.config import Config
from tests.harness.instance import Instance
from tests.harness.phones import SipPhone
from tests.harness.tones import write_tone
from tests.web.cabinet import Cabinet
from tests.web.manual import Reader

PASSWORD = "Romashka-2026-ats"
MUSIC, MESSAGE = 620, 440  # Hz
# «Администратор клиента … Какие права необходимы»
RIGHTS = (
    "Просмотр настроек пользователей", "Просмотр детализации пользователей", "Управление вызовами пользователей",
    "Изменение пользователей", "Добавление пользователей", "Удаление пользователей",
)  # fmt: skip


def test_the_manuals_example(
    operator: Cabinet, instance: Instance, config: Config, tmp_path: Path, new_cabinet: Callable[..., Cabinet]
) -> None:
    instance.api.post("/pool/numbers", {"digits": "74991113301"})  # of the operator's own numbers
    admin = Reader(operator)
    create_a_company(admin)
    create_a_user(admin)
    allot_the_city_number(admin)
    phones = [
        create_a_port(admin, config, "Линия 1", behind_nat=False),
        create_a_port(admin, config, "Линия 2", behind_nat=True),
    ]

    # «Дальнейшие настройки может сделать пользователь клиента самостоятельно. Для примера зайдем под ним в систему»
    own = new_cabinet()
    own.log_in("romashka", PASSWORD)
    user = Reader(own)
    expect(own.page.get_by_role("heading", level=1, name="Обзор")).to_be_visible()
    create_a_dialplan(user, "100", "Линия 1")
    create_a_dialplan(user, "101", "Линия 2")

    # «После этого можно будет совершать звонки с одного номера на другой»; the second one stands behind a router
    callee, caller = phones
    callee.register()
    caller.register(behind="192.168.1.20:5060")
    ringing = callee.answer()
    caller.call("100")
    ringing.wait()
    own.shot("call")
    expect(user.detail("100", "отвечен")).to_contain_text("внутренний")

    upload_music_and_a_message(user, tmp_path)
    replace_ringing(admin, "Линия 1")
    create_a_condition(user)
    # «если … не будут брать трубку в течении 5 секунд, звонок перейдет на шаг 2 и будет проигрываться сообщение»
    caller.hertz = 1000
    rung = callee.let_ring()
    call = caller.start_call("100", early=183, talk_ms=2000)
    call.wait(40)
    rung.stop()
    assert [hertz for hertz in call.heard() if near(hertz, MUSIC) or near(hertz, MESSAGE)], call.heard()
    assert near(call.heard()[0], MUSIC), call.heard()
    assert near(call.heard()[-1], MESSAGE), call.heard()
    user.detail("100")
    expect(own.row("100").filter(has_text="отвечен")).to_have_count(2)  # the latest first, once it is written
    user.detail("100").get_by_role("button", name="Подробно").click()
    expect(own.window.get_by_text("Путь по диалплану")).to_be_visible()
    expect(own.window).to_contain_text("Нет ответа")
    own.shot("card")


def near(hertz: int, wanted: int) -> bool:
    return abs(hertz - wanted) < 15


def create_a_company(admin: Reader) -> None:
    """«Создание компании»."""
    # 1. «создать клиента в разделе Клиенты → Создать»
    admin.follow("Клиенты → Создать")
    admin.fill({"Название": "Ромашка", "Описание": "По инструкции"})
    # 2. «Задать ему необходимые ограничения, см. вкладку Ограничения»
    admin.tab("Ограничения")
    admin.fill({"Всего одновременно": "10", "Денег в день": "500"})
    admin.cabinet.window.get_by_label("международный").uncheck()
    admin.cabinet.shot("limits")
    admin.save()
    # They hold: the client's card shows them
    admin.cabinet.find("Ромашка")
    admin.change("Ромашка")
    admin.tab("Ограничения")
    expect(admin.field("Всего одновременно")).to_have_value("10")
    expect(admin.field("Денег в день")).to_have_value("500")
    expect(admin.cabinet.window.get_by_label("международный")).not_to_be_checked()
    admin.page.keyboard.press("Escape")
    expect(admin.cabinet.window).to_have_count(0)


def create_a_user(admin: Reader) -> None:
    """«Создание пользователя»."""
    # 1. «выбрать компанию в разделе Клиенты и нажать Администрирование»
    admin.administer("Ромашка")
    # 2. «зайти в раздел Пользователи и нажать кнопку Создать»
    admin.follow("Пользователи → Создать")
    # 3. «Указываете биллинговый счет, имя пользователя, пароль пользователя, язык, временную зону, email»
    admin.fill({"Биллинговый счёт": "", "Имя пользователя": "romashka", "Email": "it@romashka.example"})
    admin.cabinet.window.get_by_label("Пароль").first.fill(PASSWORD)
    admin.cabinet.choose("Язык", "Русский")
    admin.cabinet.choose("Временная зона", "Europe/Samara")
    # 4. «Вкладка Права, выставить права, указанные на картинке, и нажать Сохранить»
    admin.tab("Права")
    for right in RIGHTS:
        admin.cabinet.window.get_by_label(right, exact=True).check()
    admin.cabinet.shot("rights")
    admin.save()
    expect(admin.cabinet.row("romashka")).to_contain_text("Администратор клиента")


def allot_the_city_number(admin: Reader) -> None:
    """«Выделение номеров», 1."""
    # «раздел Ресурс нумерации → Внешние номера → Добавить. В появившемся окне выбираем нужный номер телефона»
    admin.follow("Ресурс нумерации → Внешние номера → Добавить")
    admin.cabinet.window.get_by_text("+7 499 111-33-01").click()
    expect(admin.cabinet.row("+7 499 111-33-01")).to_be_visible()


def create_a_port(admin: Reader, config: Config, name: str, *, behind_nat: bool) -> SipPhone:
    """«Выделение номеров», 2 to 4; a telephone with what the cabinet says to type into it."""
    window = admin.cabinet.window
    # 2. «Порты → Порты VoIP → Создать, и выбрать нужный протокол VoIP»
    admin.follow("Порты → Порты VoIP → Создать")
    admin.cabinet.choose("Тип порта", "SIP")
    admin.fill({"Название": name})
    # 3. «Задать пароль на вкладке VoIP, … нажать на поле VoIP пароль правой кнопкой мыши и выбрать любой из вариантов»
    admin.tab("VoIP")
    window.get_by_label("VoIP пароль").click(button="right")
    offered = admin.page.get_by_role("menu").get_by_role("menuitem")
    password = offered.nth(1).inner_text().strip()
    offered.nth(1).click()
    expect(window.get_by_label("VoIP пароль")).to_have_value(password)
    # 4. «Если ваше оборудование находится за натом (NAT) … голосовой трафик надо пускать через сервер»; «Cохранить»
    window.get_by_label("Устройство за NAT").set_checked(behind_nat)
    expect(window.get_by_label("Голосовой трафик через сервер")).to_be_checked()
    login = window.get_by_label("Логин").input_value()
    window.get_by_role("button", name="Сохранить", exact=True).click()
    card = admin.page.get_by_role("dialog", name=f"Настройки телефона: {name}")
    expect(card.get_by_text(password, exact=True)).to_be_visible()
    card.get_by_role("button", name="Закрыть").last.click()
    expect(admin.cabinet.row(name)).to_be_visible()
    return SipPhone(config.sip_port, login, password)


def create_a_dialplan(user: Reader, number: str, port: str) -> None:
    """«Создание диалплана»."""
    # 1. «Ресурс нумерации → Внутренние номера → Создать, вводим нужный нам внутренний номер и нажимаем Сохранить»
    user.follow("Ресурс нумерации → Внутренние номера → Создать")
    user.fill({"Внутренний номер": number})
    user.save()
    # 2. «выбираем наш внутренний номер 100 и нажимаем кнопку Изменить»
    with user.dialplan(number):
        # 3. «нажимаем на любом свободном месте», «выбираем вкладку Действие», 4. «выбираем SIP и выбираем наш порт»
        user.step("SIP", "Порт", port)
        user.cabinet.shot(f"action-{number}")
        user.cabinet.close_step()  # «После этого нажимаем Закрыть»
        # «звонок будет уходить на SIP порт с названием Линия 1 в любые дни и в любое время»
        expect(user.cabinet.step(f"SIP {port}")).to_be_visible()
        user.cabinet.open_step(f"SIP {port}")
        user.tab("Дни")
        expect(user.cabinet.window).to_contain_text("любые дни, любое время")
        user.cabinet.close_step()


def upload_music_and_a_message(user: Reader, folder: Path) -> None:
    """«Замена гудков и музыка на удержании (Медиапакеты)»."""
    # «Медиаресурсы → Медиапакеты и выбрать пакет помеченный звездочкой (*)»; «создать Медиапакет»
    for title, hertz in (("Музыка на удержании *", MUSIC), ("Сообщения", MESSAGE)):
        user.follow("Медиаресурсы → Медиапакеты")
        if not title.endswith("*"):
            user.cabinet.button("Создать").click()
            user.fill({"Название": title})
            user.save()
        user.cabinet.row(title).get_by_text(title, exact=True).click()
        # «нажать Загрузка файла, далее выбрать файл на вашем компьютере. Файл загружен, можно закрыть окно»
        with user.page.expect_file_chooser() as choosing:
            user.cabinet.window.get_by_role("button", name="Загрузка файла").click()
        choosing.value.set_files(write_tone(folder / f"tone-{hertz}.wav", hertz, 8))
        expect(user.cabinet.window.get_by_role("row").filter(has_text=f"tone-{hertz}")).to_be_visible()
        user.cabinet.window.get_by_role("button", name="Закрыть").click()
        expect(user.cabinet.window).to_have_count(0)
    # «зайти в Медиафайлы нажать Создать, выбрать Медиафайл, дать Описание, Название, … Язык. Нажать Сохранить»
    user.follow("Медиаресурсы → Медиафайлы → Создать")
    user.cabinet.choose("Медиафайл", f"tone-{MESSAGE}")
    user.fill({"Описание": "Никто не берёт трубку", "Название": "moh"})
    user.cabinet.choose("Язык", "Русский")
    user.save()
    expect(user.cabinet.row("moh")).to_contain_text("0:08")


def replace_ringing(admin: Reader, port: str) -> None:
    """«если вы в настройках порта или очереди на вкладке ДВО поставили замена гудков»."""
    admin.follow("Порты → Порты VoIP")
    admin.change(port)
    admin.tab("ДВО")
    admin.cabinet.window.get_by_role("switch", name="Замена гудков").click()
    admin.save()


def create_a_condition(user: Reader) -> None:
    """«Создание диалплана с условием»."""
    with user.dialplan("100"):
        # 1. «нажать на свободное пространство», «На вкладке действия выбираем … звуковое сообщение»
        user.step("Звуковые сообщения", "Звуковое сообщение", "moh", at=(0.85, 0.75))
        # 2. «На вкладке Слои нужно посмотреть, какой номер у созданного нами шага и нажимаем закрыть»
        user.tab("Слои")
        expect(user.field("Уровень")).to_have_value("2")
        user.cabinet.close_step()
        # 3. «зайти в предыдущий шаг»; 4. «Выберем условие Нет ответа»; 5. «вкладка Действие, пункт Таймаут»
        user.cabinet.open_step("SIP Линия 1")
        user.tab("Слои")
        user.fill({"Нет ответа": "2"})
        user.tab("Действие")
        user.fill({"Таймаут": "5"})
        user.cabinet.close_step()
        # «серая стрелка появится между SIP Линия 1 и Звуковое сообщение moh»
        expect(user.page.locator(".react-flow__edge[data-id$=no_answer]")).to_have_count(1)
        expect(user.cabinet.step("Звуковое сообщение moh")).to_be_visible()
        user.cabinet.button("Разложить").click()
        user.cabinet.shot("condition")
