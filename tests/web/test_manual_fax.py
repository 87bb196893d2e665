"""«Факсы» by the manual's steps: received by the dialplan, downloaded from «Детализация»."""

import io

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.harness.company import Company
from tests.harness.instance import Instance, wait_for
from tests.harness.switch import Switch
from tests.web.cabinet import Cabinet
from tests.web.manual import Reader


def a_page() -> bytes:
    """Short, so that it is soon over the wire."""
    paper = Image.new("1", (1728, 400), 1)
    ImageDraw.Draw(paper).ellipse((300, 50, 1200, 350), fill=0)
    data = io.BytesIO()
    paper.save(data, "TIFF", compression="group4", dpi=(204, 196), tiffinfo={266: 1})
    return data.getvalue()


def test_a_fax(operator: Cabinet, company: Company, instance: Instance) -> None:
    """«В диалплане существует элемент Сервис → Service/FAXRECEIVER» (S160-S162)."""
    did = f"7495733{company.id:04d}"
    company.external(did)
    operator.open(f"/c/{company.id}/overview")
    reader = Reader(operator)
    shown = f"+7 495 733-{did[7:9]}-{did[9:]}"
    with reader.dialplan(shown, "Внешние номера"):
        reader.step("Service/FAXRECEIVER")
        operator.close_step()
    with Switch(instance.config) as machine:
        trunk = machine.trunk(instance)
        machine.send_fax(did, a_page(), t38=False)
        faxes = f"{company.path}/faxes"
        wait_for(lambda: company.api.get(faxes)["total"] == 1, 90, lambda: machine.log()[-3000:])
    company.calls(1)
    # «После получения факса его можно скачать из Детализации»
    row = reader.detail(did, "отвечен")
    expect(row.get_by_role("img", name="Есть факс")).to_be_visible()
    row.get_by_role("button", name="Подробно").click()
    expect(operator.window.get_by_alt_text("Страница 1 факса")).to_have_js_property("complete", True)
    operator.shot("fax")
    with operator.page.expect_download() as coming:
        operator.window.get_by_role("link", name="PDF").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    instance.api.delete(f"/clients/{instance.operator_id()}/ports/{trunk}")
