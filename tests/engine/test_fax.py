"""Faxes from a second engine (SendFAX) arrive with the same pages, as sound and over T.38."""

import io
import time
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw

from tests.harness.company import Company, step
from tests.harness.instance import Instance, wait_for
from tests.harness.switch import Switch

PAGES = 2
WIDTH, HEIGHT = 1728, 2200


@pytest.fixture(scope="module")
def switch(instance: Instance) -> Iterator[Switch]:
    with Switch(instance.config) as running:
        yield running


def page(number: int) -> Image.Image:
    """A page whose every quarter differs, so that a lost or turned one is seen."""
    image = Image.new("1", (WIDTH, HEIGHT), 1)
    draw = ImageDraw.Draw(image)
    draw.rectangle((100, 100, 400 + 300 * number, 300), fill=0)
    draw.ellipse((900, 1200, 1500, 1200 + 250 * number), fill=0)
    draw.line((0, 0, WIDTH, HEIGHT), fill=0, width=5)
    return image


def tiff_of_pages() -> bytes:
    data = io.BytesIO()
    first, *rest = [page(number + 1) for number in range(PAGES)]
    first.save(
        data,
        "TIFF",
        save_all=True,
        append_images=rest,
        compression="group4",
        dpi=(204, 196),
        tiffinfo={266: 1},
    )
    return data.getvalue()


def same(sent: Image.Image, came: Image.Image) -> bool:
    """Compared dot for dot; over a clean line not one differs."""
    return sent.size == came.size and sent.convert("1").tobytes() == came.convert("1").tobytes()


@pytest.mark.parametrize("t38", [False, True], ids=["sound", "t38"])
def test_a_fax_arrives_as_the_same_pages(instance: Instance, switch: Switch, t38: bool) -> None:
    client = Company(instance, f"Факс {t38} {time.time_ns()}")
    did = f"7495{int(time.time()) % 10_000_000:07d}"
    number = client.external(did)
    client.dialplan(number, [step(1, {"kind": "fax"})])
    switch.trunk(instance)
    client.wait_active()
    switch.send_fax(did, tiff_of_pages(), t38=t38)
    api = client.api
    wait_for(lambda: api.get(f"{client.path}/faxes")["total"] == 1, 90, lambda: switch.log()[-3000:])
    fax = api.get(f"{client.path}/faxes")["items"][0]
    assert (fax["pages"], fax["complete"], fax["error"]) == (PAGES, True, ""), fax
    assert fax["mode"].lower() == ("t38" if t38 else "audio"), fax
    assert fax["station"] == "Switch 2"
    row = client.calls(1)[0]
    assert row["has_fax"]
    assert client.card(row["id"])["faxes"] == [fax]
    assert api.get(f"{client.path}/calls?has_fax=true")["total"] == 1
    assert api.get(f"{client.path}/calls?has_fax=false")["total"] == 0
    kept = instance.home / "faxes" / str(client.id)
    with Image.open(kept / f"{fax['id']}.tif") as came:
        for index in range(PAGES):
            came.seek(index)
            assert same(page(index + 1), came.copy()), f"page {index + 1}"
    pdf = (kept / f"{fax['id']}.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page/") >= PAGES
