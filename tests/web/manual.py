"""A new user who has only the manual: he goes where it says, does what it says, and looks for its words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, expect

from tests.web.cabinet import Cabinet

# Sections of the left menu («Навигация»); every other path of the manual begins in the central part of «Обзор».
LEFT = (
    "Обзор",
    "Классификаторы",
    "Телемаркетинг",
    "Система",
    "Сеть/Адреса",
    "Клиенты",
    "Пользователи",
    "Детализация",
)
VERBS = ("Создать", "Добавить", "Загрузка файла")


class Reader:
    """Follows the manual in one browser window."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.cabinet = cabinet
        self.page = cabinet.page

    # -- where the manual sends one --------------------------------------------------------

    def administer(self, company: str) -> None:
        """«Выбрать компанию в разделе Клиенты и нажать Администрирование»; «автоматически откроется раздел Обзор»."""
        self.cabinet.menu("Клиенты")
        self.cabinet.find(company)
        self.cabinet.row(company).get_by_role("link", name="Администрирование").click()
        expect(self.page.get_by_role("heading", level=1, name="Обзор")).to_be_visible()
        expect(self.page.get_by_role("main").get_by_text("Компания:")).to_contain_text(company)

    def follow(self, path: str) -> None:
        """A path as the manual writes it: «Сервисы → Голосовые меню → Создать»."""
        first, *rest = path.split(" → ")
        if first in LEFT:
            self.cabinet.menu(first)
            there = first
        else:
            self.cabinet.menu("Обзор")
            main = self.page.get_by_role("main")
            if rest and rest[0] not in VERBS:
                there = rest.pop(0)
                part = main.get_by_role("region", name=first, exact=True)
                part.get_by_role("link").filter(has_text=there).click()
            else:
                there = first
                main.get_by_role("link", name=there, exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=there)).to_be_visible()
        for verb in rest:
            self.cabinet.button(verb).click()
            expect(self.cabinet.window).to_be_visible()

    def change(self, name: str) -> None:
        """«Выбираем … и нажимаем Изменить» of a list."""
        self.page.get_by_role("button", name=f"Изменить: {name}").click()
        expect(self.cabinet.window).to_be_visible()

    # -- a window --------------------------------------------------------------------------

    def tab(self, name: str) -> None:
        """«На вкладке …»."""
        tab = self.cabinet.window.get_by_role("tab", name=name, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")

    def fill(self, fields: dict[str, str]) -> None:
        """«Указываете …»: fields by their labels."""
        for label, value in fields.items():
            self.field(label).fill(value)

    def field(self, label: str) -> Locator:
        """A field of the open window that one types into."""
        return self.cabinet.window.get_by_role("textbox", name=re.compile(rf"^{re.escape(label)}( \*)?$"))

    def save(self) -> None:
        """«Нажать Сохранить»."""
        self.cabinet.save_window()

    # -- the picture of a dialplan ---------------------------------------------------------

    @contextmanager
    def dialplan(self, number: str, kind: str = "Внутренние номера") -> Iterator[None]:
        """«Выбираем наш номер и нажимаем Изменить» … «нажимаем Сохранить в левом нижнем углу», and it is live."""
        self.follow(f"Ресурс нумерации → {kind}")
        self.page.get_by_role("link", name=f"Изменить: {number}").click()
        expect(self.cabinet.canvas).to_be_visible()
        yield
        save = self.cabinet.button("Сохранить")
        place, size = save.bounding_box(), self.page.viewport_size
        assert place and size
        canvas = self.cabinet.canvas.bounding_box()
        assert canvas
        assert place["x"] < canvas["x"] + canvas["width"] / 3, "«в левом нижнем углу»"
        assert place["y"] > size["height"] / 2, "«в левом нижнем углу»"
        save.click()
        expect(self.page.get_by_test_id("provisioning")).to_contain_text("активно на")

    def step(
        self, kind: str, label: str = "", thing: str = "", *, at: tuple[float, float] = (0.45, 0.4)
    ) -> None:
        """«Нажимаем левой клавишей на любом свободном месте», «вкладка Действие», «пункт Действие». It stays open."""
        self.cabinet.click_free_space(*at)
        self.tab("Действие")
        self.cabinet.act(kind, label, thing)

    def leads(self, number: str, kind: str, label: str = "", thing: str = "") -> None:
        """A dialplan of one step."""
        with self.dialplan(number):
            self.step(kind, label, thing)
            self.cabinet.close_step()

    # -- what became of it -----------------------------------------------------------------

    def detail(self, *texts: str) -> Locator:
        """«Необходимо зайти в раздел Детализация»: the call with these texts in its row.

        A number of the telephone network is found however its digits are grouped (S252).
        """
        self.cabinet.menu("Детализация")
        row = self.page.get_by_role("row")
        for text in texts:
            grouped = len(text) >= 10 and text.isdigit()
            row = row.filter(has_text=re.compile("[ -]?".join(text)) if grouped else text)
        expect(row.first).to_be_visible()
        return row.first
