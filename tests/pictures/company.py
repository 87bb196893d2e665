"""The company in the pictures: one of everything, and calls that really took place."""

import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from tests.harness.city import City
from tests.harness.company import Company, Line, step
from tests.harness.instance import Instance, wait_for
from tests.harness.sounds import tone_bytes
from tests.harness.switch import Switch

CITY_NUMBERS = ("74957300190", "74957300191", "78123090011")
_CITY = ("127.0.0.90", "127.0.0.91")
WORKDAYS = {"days": [1, 2, 3, 4, 5], "time_from": "09:30", "time_to": "18:30"}


def furnish(instance: Instance) -> tuple[Company, dict[str, int], list[Line]]:
    """The client, ids of what pictures open by address, and its telephones."""
    api = instance.api
    tariff = _money(api)
    company = Company(instance, "Ромашка", description="Цветы оптом и в розницу", billing_account="romashka")
    lines = [company.line(digits) for digits in ("100", "101", "102", "103")]
    names = ("Секретарь", "Директор", "Менеджер Анна", "Менеджер Пётр")
    for line, name in zip(lines, names, strict=True):
        api.patch(f"{company.path}/numbers/{line.number_id}", {"name": name})
        api.patch(f"{company.path}/ports/{line.port_id}", {"name": name})
    number = company.external(CITY_NUMBERS[0])
    for digits in CITY_NUMBERS[2:]:
        api.post("/pool/numbers", {"digits": digits, "description": "Резерв"})
    made = _things(company, lines)
    _dialplan(company, number, made, lines)
    users = {
        "anna": ("Анна Смирнова", "client_user"),
        "petr": ("Пётр Иванов", "client_user"),
        "director": ("Мария Орлова", "client_admin"),
    }
    for login, (name, role) in users.items():
        values = {"login": login, "password": "Romashka-2026!", "role": role, "name": name}
        made[login] = api.post(f"{company.path}/users", values)["id"]
    api.put(f"{company.path}/users/{made['anna']}/remote/callers", {"callers": ["+79161234567"]})
    _calls(company, lines)
    _campaign(company, lines[2])
    made["fax"] = _fax(company)
    return company, {**made, "number": number, "tariff": tariff}, lines


def _money(api: Any) -> int:
    zone = api.post("/billing/zones", {"name": "Страны СНГ", "prefixes": ["374", "375", "996", "998"]})
    tariff: int = api.post("/billing/tariffs", {"name": "Базовый", "description": "Для новых клиентов"})["id"]
    rates: list[dict[str, Any]] = [
        {"prefix": "7495", "title": "Москва", "price": 12000},
        {"prefix": "79", "title": "Мобильные", "price": 18000, "free_s": 3},
        {"prefix": "7", "title": "Россия", "price": 21500, "connection_fee": 5000},
        {"prefix": "44", "title": "Великобритания", "price": 95000, "days": 31, "time_from": 480, "time_to": 1320},
        {"zone_id": zone["id"], "title": "СНГ", "price": 154000},
    ]  # fmt: skip
    for rate in rates:
        api.post(f"/billing/tariffs/{tariff}/rates", rate)
    account = {"code": "romashka", "name": "ООО «Ромашка»", "tariff_id": tariff, "credit": 5_000_000}
    account_id = api.post("/billing/accounts", account)["id"]
    for amount, note in ((100_000_000, "Счёт 118 от 02.11.2026"), (55_000_000, "Счёт 131 от 16.11.2026")):
        entry = {"kind": "payment", "amount": amount, "note": note}
        api.post(f"/billing/accounts/{account_id}/ledger", entry)
    return tariff


def _things(company: Company, lines: list[Line]) -> dict[str, int]:
    """One of every kind of thing; ids by section."""
    api, at = company.api, company.path
    secretary, director, anna, petr = lines
    bodies: dict[str, dict[str, Any]] = {
        "forwardings": {"name": "Мобильный директора", "digits": "+79161234567"},
        "menus": {
            "name": "Приветствие",
            "keys": [
                {"key": "1", "number_id": anna.number_id},
                {"key": "0", "number_id": secretary.number_id},
            ],
        },
        "mailboxes": {"name": "Общий ящик", "box": "100", "description": "Сообщения вне рабочего времени"},
        "conferences": {"name": "Планёрка", "description": "По понедельникам в 10:00"},
        "packages": {"name": "Музыка ожидания", "description": "Для очередей"},
        "pickup-groups": {"group": 1, "name": "Менеджеры"},
        "classifiers": {"name": "Чёрный список", "description": "Реклама и опросы"},
        "webhooks": {"name": "CRM", "url": "https://crm.example.ru/ats", "events": ["call", "payment"]},
    }
    made = {section: int(api.post(f"{at}/{section}", body)["id"]) for section, body in bodies.items()}
    agents = [{"port_id": anna.port_id}, {"port_id": petr.port_id}]
    made["queues"] = api.post(f"{at}/queues", {"name": "Отдел продаж", "agents": agents})["id"]
    made["sounds"] = api.upload(f"{at}/sounds", {"name": "Никого нет"}, "x.wav", tone_bytes(440, 4))["id"]
    for clip, name in (("+79160000001", "Опросы"), ("+7495777*", "Реклама окон")):
        api.post(f"{at}/classifiers/{made['classifiers']}/contacts", {"clip": clip, "name": name})
    api.post(f"{at}/holidays/import", {"year": 2027})
    return made


def _dialplan(company: Company, number: int, made: dict[str, int], lines: list[Line]) -> None:
    """The manual's «сложный диалплан» in small: a black list, working hours, then voicemail."""
    day = {
        **step(2, {"kind": "queue", "queue_id": made["queues"]}, 60, no_answer=3, no_route=3),
        "calendar": WORKDAYS,
    }
    black = {"kind": "classifier", "classifier_id": made["classifiers"]}
    steps = [
        {**step(1, black, not_found=2), "x": 40, "y": 180},
        {**day, "x": 420, "y": 40},
        {**step(2, {"kind": "menu", "menu_id": made["menus"]}, no_answer=3), "x": 420, "y": 330},
        {**step(3, {"kind": "mailbox", "mailbox_id": made["mailboxes"]}), "x": 820, "y": 180},
    ]
    company.dialplan(number, steps)


def _calls(company: Company, lines: list[Line]) -> None:
    company.wait_active()
    secretary, director, anna, petr = lines
    for line in lines[:3]:
        line.phone.register()
    for caller, called, talk_ms in (
        (director, secretary, 3000),
        (anna, secretary, 2000),
        (secretary, anna, 1500),
    ):
        ringing = called.phone.answer()
        caller.phone.call(called.digits, talk_ms=talk_ms)
        ringing.wait()
    anna.phone.call(petr.digits, status=480)  # his telephone is off
    secretary.phone.call("199", status=404)  # nobody has this number
    company.calls(5)


def _campaign(company: Company, manager: Line) -> None:
    """Telemarketing that was stopped after its first call, which was answered."""
    api, at = company.api, company.path
    base = api.post(f"{at}/classifiers", {"name": "Должники", "description": "Выгрузка из учёта"})["id"]
    for name, clip in (("Иванов", "74951110001"), ("ООО «Лютик»", "74951110002"), ("Петрова", "79161110003")):
        api.post(f"{at}/classifiers/{base}/contacts", {"name": name, "clip": f"+{clip}"})
    values = {"name": "Оповещение о долгах", "number_id": manager.number_id, "classifier_ids": [base]}
    campaign = f"{at}/campaigns/{api.post(f'{at}/campaigns', values)['id']}"
    city = City(company.instance, *_CITY)
    talk, answered = manager.phone.answer(talk_ms=3000), city.first.answer()
    api.put(f"{campaign}/status", {"status": "active"})
    wait_for(lambda: api.get(f"{campaign}/called?state=calling")["total"] == 1, 20)
    api.put(f"{campaign}/status", {"status": "blocked"})
    talk.wait()
    answered.wait()
    wait_for(lambda: api.get(f"{campaign}/called?state=answered")["total"] == 1, 20)
    city.close()


def _fax(company: Company) -> int:
    """A letter by fax from another exchange; the id of its call."""
    digits = CITY_NUMBERS[1]
    company.dialplan(company.external(digits), [step(1, {"kind": "fax"})])
    with Switch(company.instance.config) as sender:
        trunk = sender.trunk(company.instance)
        company.wait_active()
        sender.send_fax(digits, _letter(), t38=True)
        # Its call is journalled a moment after the letter itself.
        wait_for(lambda: company.api.get(f"{company.path}/calls?has_fax=true")["total"] == 1, 90, sender.log)
    operator = company.instance.operator_id()
    company.api.delete(f"/clients/{operator}/ports/{trunk}")  # it was nobody's, the pictures need none
    call: int = company.api.get(f"{company.path}/calls?has_fax=true")["items"][0]["id"]
    return call


def _letter() -> bytes:
    """A page as a TIFF: a heading, a table and a signature are seen at first sight, its words nobody reads."""
    paper = Image.new("1", (1728, 2200), 1)
    draw = ImageDraw.Draw(paper)
    draw.text((180, 180), "INVOICE 118", font=ImageFont.load_default(110), fill=0)
    draw.text((180, 330), "OOO Romashka, 2026-11-24", font=ImageFont.load_default(56), fill=0)
    for row in range(7):
        draw.rectangle((180, 520 + row * 130, 1540, 650 + row * 130), outline=0, width=4)
        draw.text(
            (220, 550 + row * 130),
            f"{row + 1}   Roses, {(row + 2) * 25} pieces",
            font=ImageFont.load_default(56),
            fill=0,
        )
    draw.line([(900 + 8 * at, 1800 + (60 if at % 7 < 3 else -40)) for at in range(70)], fill=0, width=7)
    data = io.BytesIO()
    paper.save(data, "TIFF", compression="group4", dpi=(204, 196), tiffinfo={266: 1})
    return data.getvalue()
