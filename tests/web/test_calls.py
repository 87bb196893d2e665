"""«Детализация» with real calls in it: filters, totals and charts, files."""

import csv
import io
import struct

from playwright.sync_api import expect

from ats.config import Config
from tests.harness.company import Company
from tests.web.cabinet import Cabinet


def test_filters_totals_and_charts_of_call_detail(operator: Cabinet, company: Company) -> None:
    first, second = company.line("100"), company.line("101")
    company.wait_active()
    first.phone.register()
    second.phone.register()
    ringing = first.phone.answer()
    second.phone.call("100", talk_ms=1500)
    ringing.wait()
    second.phone.call("199", status=404)  # nobody has this number
    company.calls(2)

    page = operator.page
    operator.open(f"/c/{company.id}/calls")
    expect(operator.row("отвечен")).to_be_visible()
    expect(page.locator("tbody tr").filter(has_text="101")).to_have_count(2)
    operator.button("Сводка и графики").click()
    totals = page.get_by_role("group", name="Итоги")
    expect(totals).to_contain_text("Вызовы2")
    expect(totals).to_contain_text("Отвечено1")
    bars = page.get_by_role("img", name="По часам").locator(".recharts-bar-rectangle path")
    expect(bars).to_have_count(2)  # answered and not, in one hour
    expect(page.get_by_role("img", name="По результатам")).to_contain_text("отвечен: 1")
    operator.shot("charts")

    page.get_by_label("Номер", exact=True).fill("100")
    expect(page.locator("tbody tr").filter(has_text="101")).to_have_count(1)
    expect(totals).to_contain_text("Вызовы1")
    page.get_by_label("Разговор от, с").fill("60")
    expect(page.get_by_text("Ничего не найдено")).to_be_visible()
    page.get_by_label("Разговор от, с").fill("1")
    page.get_by_role("combobox", name="Порт").click()
    page.get_by_role("option", name="Линия 100").click()
    expect(operator.row("отвечен")).to_be_visible()
    operator.button("Скачать таблицу").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="CSV").click()
    text = coming.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["Кто"], row["Кому"], row["Результат"]) for row in rows] == [("101", "100", "отвечен")]
    operator.button("Сбросить").click()
    operator.row("199").click(button="right")
    page.get_by_role("menuitem", name="Только номер 199").click()
    expect(page.locator("tbody tr").filter(has_text="101")).to_have_count(1)


def test_a_call_is_transferred_and_hung_up_on_the_screen(operator: Cabinet, company: Company) -> None:
    """«Управление вызовами» (S218): the caller goes to a third telephone, then the call is ended."""
    first, second, third = (company.line(digits) for digits in ("100", "101", "102"))
    company.wait_active()
    for line in (first, second, third):
        line.phone.register()
    page = operator.page
    operator.open(f"/c/{company.id}/calls/active")
    expect(page.get_by_text("Сейчас никто не разговаривает.")).to_be_visible()
    callee, takes_over = second.phone.answer(), third.phone.answer()
    caller = first.phone.start_call("101", callee_ends=True)
    expect(operator.row("101")).to_contain_text("разговор")
    operator.shot("active")
    operator.button("Перевести").click()
    operator.window.get_by_label("100", exact=True).check()
    operator.choose("На внутренний номер", "102")
    operator.shot("transfer")
    operator.window.get_by_role("button", name="Перевести", exact=True).click()
    expect(operator.window).to_have_count(0)
    callee.wait()
    expect(page.get_by_role("row").filter(has_text="разговор")).to_have_count(1)
    operator.button("Завершить").click()
    caller.wait()
    takes_over.wait()
    expect(page.get_by_text("Сейчас никто не разговаривает.")).to_be_visible()
    operator.menu("Журнал изменений")
    expect(operator.row("завершил вызов")).to_be_visible()
    expect(operator.row("перевёл вызов")).to_be_visible()


# Something stands in the picture of the sound.
_DRAWN = """() => {
  const root = document.querySelector('[data-testid=waveform] > div')?.shadowRoot;
  const canvas = root?.querySelector('canvas');
  if (!canvas?.width) return false;
  return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((one) => one > 0);
}"""


def test_a_recording_is_heard_and_saved_from_the_card(
    operator: Cabinet, company: Company, config: Config
) -> None:
    """«Записи разговора» (S138, S185): found by its filter, played, saved as WAV and MP3."""
    first, second = company.line("100"), company.line("101")
    company.wait_active()
    first.phone.register()
    second.phone.register()
    ringing = first.phone.answer()
    second.phone.call("100", talk_ms=1500)
    ringing.wait()
    second.phone.call("199", status=404)
    talked = next(call for call in company.calls(2) if call["result"] == "answered")
    # What the engine leaves of the caller's leg: stereo PCM16 under the leg's own id.
    left = config.recordings_dir / "new" / str(company.id) / f"{company.card(talked['id'])['linkedid']}.raw"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(struct.pack("<hh", 1000, -2000) * 16_000)

    page = operator.page
    operator.open(f"/c/{company.id}/calls")
    expect(operator.row("199")).to_be_visible()
    page.get_by_label("С записью").check()
    expect(operator.row("199")).to_have_count(0)
    expect(operator.row("отвечен").get_by_role("img", name="Есть запись")).to_be_visible()
    page.get_by_label("С факсом").check()
    expect(page.get_by_text("Ничего не найдено")).to_be_visible()
    page.get_by_label("С факсом").uncheck()
    operator.row("отвечен").get_by_role("button", name="Подробно").click()
    player = operator.window.locator("audio").first
    expect(player).to_have_js_property("error", None)
    page.wait_for_function("() => document.querySelector('[role=dialog] audio').duration > 1")
    page.wait_for_function(_DRAWN)
    operator.shot("recording")
    for name, magic in (("WAV", b"RIFF"), ("MP3", (b"ID3", b"\xff"))):
        with page.expect_download() as coming:
            operator.window.get_by_role("link", name=name).first.click()
        assert coming.value.suggested_filename.endswith(f".{name.lower()}")
        assert coming.value.path().read_bytes().startswith(magic)
