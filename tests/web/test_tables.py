"""Tables of the cabinet: order and width of columns, filters, files, many rows at once, the right button."""

import csv
import io
import zipfile

from playwright.sync_api import expect

from tests.harness.company import Company
from tests.web.cabinet import Cabinet


def test_columns_are_moved_and_widened_and_stay_so(operator: Cabinet) -> None:
    """Order and width are kept in the browser like the choice of columns (S29, S30)."""
    page = operator.page
    headings = page.locator("thead th")
    expect(headings.filter(has_text="Название")).to_be_visible()
    operator.button("Настройка отображения таблицы").click()
    for _ in range(3):  # past a column that this window is too narrow for, as well
        operator.button("Левее: Пользователи").click()
    operator.shot("order")
    page.keyboard.press("Escape")
    names = [text for text in headings.all_inner_texts() if text.strip()]
    assert names[0].startswith("Пользователи"), names

    grip = page.get_by_role("separator", name="Ширина колонки: Описание")
    before = grip.get_attribute("aria-valuenow")
    grip.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    wide = grip.get_attribute("aria-valuenow")
    assert before != wide
    page.reload()
    grip = page.get_by_role("separator", name="Ширина колонки: Описание")
    expect(grip).to_have_attribute("aria-valuenow", str(wide))
    names = [text for text in headings.all_inner_texts() if text.strip()]
    assert names[0].startswith("Пользователи"), names
    operator.button("Настройка отображения таблицы").click()
    operator.button("Как было").click()
    page.keyboard.press("Escape")
    names = [text for text in headings.all_inner_texts() if text.strip()]
    assert names[0].startswith("Название"), names


def test_filters_and_files(operator: Cabinet, company: Company) -> None:
    for n in range(3):
        company.port(f"Линия {n}", is_active=n != 1)
    page = operator.page
    operator.open(f"/c/{company.id}/ports")
    expect(operator.row("Линия 0")).to_be_visible()
    page.get_by_role("combobox", name="Состояние").click()
    page.get_by_role("option", name="отключён").click()
    expect(operator.row("Линия 0")).to_have_count(0)
    expect(operator.row("Линия 1")).to_be_visible()
    operator.shot("filtered")

    for item, name in (("CSV", "ports.csv"), ("Excel (XLSX)", "ports.xlsx")):
        operator.button("Скачать таблицу").click()
        with page.expect_download() as coming:
            page.get_by_role("menuitem", name=item).click()
        assert coming.value.suggested_filename == name
        content = coming.value.path().read_bytes()
        if item == "CSV":
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
            assert [row["Название"] for row in rows] == ["Линия 1"], "the file is filtered as the screen"
        else:
            assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_many_rows_at_once_say_first_what_would_happen(operator: Cabinet, company: Company) -> None:
    busy = company.line("100")
    company.number("101")
    company.number("102")
    page = operator.page
    operator.open(f"/c/{company.id}/numbers/internal")
    for name in ("100", "101", "102"):
        page.get_by_role("checkbox", name=f"Выбрать: {name}").check()
    expect(page.get_by_text("Выбрано 3 строки")).to_be_visible()
    operator.button("Удалить выбранное").click()
    expect(operator.window).to_contain_text("Будет удалено: 2")
    expect(operator.window).to_contain_text("Линия 100")
    operator.shot("dry-run")
    assert company.api.get(f"{company.path}/numbers/internal")["total"] == 3, "nothing happened yet"
    operator.window.get_by_role("button", name="Удалить выбранное").click()
    expect(operator.row("101")).to_have_count(0)
    expect(operator.row("102")).to_have_count(0)
    expect(operator.row("100").first).to_be_visible()
    assert company.api.get(f"{company.path}/numbers/{busy.number_id}")["digits"] == "100"


def test_the_right_button_and_the_visible_menu_offer_the_same(operator: Cabinet, company: Company) -> None:
    company.port("Линия 7")
    page = operator.page
    operator.open(f"/c/{company.id}/ports")
    operator.row("Линия 7").get_by_text("Линия 7").click(button="right")
    items = page.get_by_role("menuitem")
    expect(items.first).to_be_visible()
    by_right_button = items.all_inner_texts()
    operator.shot("right-button")
    page.keyboard.press("Escape")
    expect(items).to_have_count(0)
    operator.row("Линия 7").get_by_role("button", name="Действия", exact=True).click()
    expect(items.first).to_be_visible()
    assert items.all_inner_texts() == by_right_button == ["Для телефона", "Изменить", "Удалить"]
    page.get_by_role("menuitem", name="Изменить").click()
    expect(operator.window).to_contain_text("Линия 7")


def test_search_over_everything_finds_a_port(operator: Cabinet, company: Company) -> None:
    """By the button or Ctrl+K: a port by a piece of its name."""
    company.line("100")
    page = operator.page
    operator.open(f"/c/{company.id}/overview")
    expect(page.get_by_role("heading", level=1, name="Обзор")).to_be_visible()
    asked = page.get_by_role("textbox", name="Поиск по всему")

    operator.button("Поиск по всему").click()
    expect(asked).to_be_visible()
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    page.keyboard.press("Control+k")
    asked.fill("иния 10")
    expect(page.get_by_role("button", name="Линия 100")).to_be_visible()
    operator.shot("search")
