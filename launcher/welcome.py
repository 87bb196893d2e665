"""What `./ats up` prints at its end: where the cabinet is, who may enter, what to do next."""

from __future__ import annotations

from ats import addresses
from ats.config import Config
from launcher import database
from launcher.text import language, tr

LOOPBACK = ("127.", "::1", "localhost")


def tell(config: Config, first: database.FirstLogin | None, seconds: float) -> None:
    """Print the address, the log-in and the telephones (first run), or where to find them (later)."""
    for line in lines(config, first, seconds):
        print(line, flush=True)


def lines(config: Config, first: database.FirstLogin | None, seconds: float) -> list[str]:
    """The text, line by line. Russian and English one after the other when the locale says neither."""
    chosen = language()
    said = ["", f"Canmos ATS · {tr('готово за', 'ready in')} {seconds:.0f} s", ""]
    said += [f"  {tr('Кабинет', 'Cabinet')}:  {address(config)}"]
    if first is None:
        path = database.first_login_path(config)
        said += [""]
        if path.exists():
            said += [f"  {tr('Пароли первого запуска', 'Passwords of the first run')}: {path}"]
        said += [f"  {tr('Новый пароль', 'A new password')}: ./ats password"]
    else:
        said += [
            f"  {tr('Логин', 'Log-in')}:    {first.login}",
            f"  {tr('Пароль', 'Password')}:   {first.password}",
        ]
        if first.client_login:
            own = tr("Кабинет самой компании", "The company's own cabinet")
            said += [f"  {own}: {first.client_login} / {first.client_password}"]
        said += _telephones(config, first)
        said += [""]
        if chosen != "en":
            said += _next_ru(first)
        if chosen != "ru":
            said += _next_en(first)
        path = database.first_login_path(config)
        said += [
            "",
            "  "
            + tr(
                f"Пароли записаны в {path} (читает только владелец); запомнив, удалите файл.",
                f"The passwords are in {path} (its owner only can read it); remove it when noted.",
            ),
        ]
    said += ["", *_lan(config), "  ./ats status · ./ats logs · ./ats doctor · ./ats down", ""]
    return said


def reachable_host(config: Config) -> str:
    """The address others reach this machine at; with `listen` 0.0.0.0 the one of its default route."""
    return addresses.reached(config.listen) or addresses.own(config.listen)


def address(config: Config) -> str:
    """The cabinet's address as typed into a browser."""
    host = reachable_host(config)
    scheme = "https" if config.https else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{config.web_port}/"


def _telephones(config: Config, first: database.FirstLogin) -> list[str]:
    if not first.sip:
        return []
    host = reachable_host(config)
    said = ["", f"  {tr('Телефоны для софтфона', 'Telephones for a softphone')}:"]
    head = (tr("номер", "number"), tr("сервер", "server"), tr("логин", "login"), tr("пароль", "password"))
    rows = [(row.number, f"{host}:{config.sip_port}", row.login, row.password) for row in first.sip]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(4)]
    for row in (head, *rows):
        said.append("    " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    return said


def _next_ru(first: database.FirstLogin) -> list[str]:
    said = ["  Дальше:", "   1. Откройте кабинет и войдите."]
    if len(first.sip) >= 2:
        one, two = first.sip[0].number, first.sip[1].number
        said += [
            f"   2. Заведите оба телефона в два софтфона (SIP, UDP) и позвоните с {one} на {two}.",
            "   3. Звонок появится в «Активные вызовы», а после отбоя — в «Детализация».",
            "   4. «Клиенты» → «Администрирование» → «Внутренние номера»: схема номера.",
        ]
    else:
        said += ["   2. «Клиенты» → «Создать»: заведите компанию, ей — порты и номера."]
    return said


def _next_en(first: database.FirstLogin) -> list[str]:
    said = ["  Next:", "   1. Open the cabinet and log in."]
    if len(first.sip) >= 2:
        one, two = first.sip[0].number, first.sip[1].number
        said += [
            f"   2. Put both telephones into two softphones (SIP, UDP) and call {two} from {one}.",
            "   3. The call shows in Active calls, and in Call detail after it ended.",
            "   4. Clients → Administration → Internal numbers: the dialplan of a number.",
        ]
    else:
        said += ["   2. Clients → Create: make a company, give it ports and numbers."]
    return said


def _lan(config: Config) -> list[str]:
    if not config.listen.startswith(LOOPBACK):
        return []
    return [
        "  "
        + tr(
            "Сейчас доступно только с этой машины. Открыть в локальную сеть: ./ats up --listen 0.0.0.0",
            "Reachable from this machine only. To open it to the LAN: ./ats up --listen 0.0.0.0",
        )
    ]
