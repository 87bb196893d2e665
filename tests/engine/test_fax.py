"""Faxes arrive with the same pages: from a second engine (SendFAX) as sound and over T.38, and from a fax machine."""

import io
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageOps

from tests.harness.byhand import HandPhone
from tests.harness.company import PASSWORD, Company, step
from tests.harness.hylafax import HylaFax
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


def faxable(number: int) -> Image.Image:
    """A page whose set dots are black, as fax machines keep them, and an empty line under it: HylaFAX may leave out
    the last line of a file that does not end as a fax on the wire does."""
    paper = Image.new("1", (WIDTH, HEIGHT + 1), 0)
    paper.paste(ImageOps.invert(page(number).convert("L")).convert("1"))
    return paper


def tiff_for_hylafax() -> bytes:
    """The same pages as a fax server sends them without touching them: Group 3, one strip, white is 0."""
    data = io.BytesIO()
    first, *rest = [faxable(number + 1) for number in range(PAGES)]
    first.save(
        data,
        "TIFF",
        save_all=True,
        append_images=rest,
        compression="group3",
        dpi=(204, 196),
        tiffinfo={266: 1},
        strip_size=WIDTH * HEIGHT,  # all of it: one strip
    )
    black_is_zero = struct.pack("<HHII", 262, 3, 1, 1)
    assert data.getvalue().count(black_is_zero) == PAGES
    return data.getvalue().replace(black_is_zero, struct.pack("<HHII", 262, 3, 1, 0))


def same(sent: Image.Image, came: Image.Image) -> bool:
    """Compared dot for dot; over a clean line not one differs. One empty line may stand beneath."""
    if came.width != sent.width or came.height not in (sent.height, sent.height + 1):
        return False
    on_it, beneath = (
        came.convert("1").crop(box) for box in ((0, 0, *sent.size), (0, sent.height, came.width, came.height))
    )
    return on_it.tobytes() == sent.tobytes() and set(beneath.convert("L").tobytes()) <= {255}


def pages_came(client: Company, fax: dict[str, Any]) -> None:
    """The kept file holds the pages that were sent, and the PDF as many."""
    kept = client.instance.home / "faxes" / str(client.id)
    wait_for((kept / f"{fax['id']}.tif").exists, 10)  # the row is there a moment before
    with Image.open(kept / f"{fax['id']}.tif") as came:
        for index in range(PAGES):
            came.seek(index)
            assert same(page(index + 1), came.copy()), f"page {index + 1}"
    pdf = (kept / f"{fax['id']}.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page/") >= PAGES


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
    pages_came(client, fax)


@contextmanager
def no_machine(client: Company) -> Iterator[None]:
    """Meanwhile somebody has dialled a fax number by mistake and waits: «Нет маршрута», and why in words."""
    line = client.line("100")
    steps = [step(1, {"kind": "fax"}, no_route=2), step(2, {"kind": "hangup", "cause": 17})]
    client.dialplan(client.number("700"), steps)
    client.wait_active()
    with closing(HandPhone(client.instance.config.sip_port, line.phone.login, PASSWORD, 0)) as phone:
        phone.register()
        call = phone.call("700").talking()
        call.reply(call.wait("INVITE"), "488 Not Acceptable Here")  # T.38
        yield
        call.reply(call.wait("BYE", 60), "200 OK")
    [row] = client.calls(1)
    path = client.card(row["id"])["path"]
    assert (row["cause"], [item["via"] for item in path if item["via"]]) == (17, ["no_route"])
    faxes = f"{client.path}/faxes"
    wait_for(lambda: client.api.get(faxes)["total"] == 1, 20)
    [fax] = client.api.get(faxes)["items"]
    assert (fax["pages"], fax["complete"]) == (0, False)
    assert fax["error"].startswith("Disconnected"), fax


def test_a_real_fax_machine_sends_the_same_pages(instance: Instance, company: Callable[[], Company]) -> None:
    """HylaFAX and iaxmodem, which is a port of ours over IAX2. What arrives is dot for dot what T.38 brings."""
    client = company()
    modem = client.port("Факс-аппарат", kind="iax2", number_id=client.number("101"))
    client.dialplan(client.number("700"), [step(1, {"kind": "fax"})])
    client.wait_active()
    api = client.api
    with no_machine(company()), HylaFax(instance.config.iax_port, modem["login"], PASSWORD) as machine:
        wait_for(lambda: bool(registration(client, modem)), 20, machine.log)
        machine.send("700", tiff_for_hylafax())
        wait_for(lambda: api.get(f"{client.path}/faxes")["total"] == 1, 120, machine.log)
    fax = api.get(f"{client.path}/faxes")["items"][0]
    assert (fax["pages"], fax["complete"], fax["error"], fax["mode"].lower()) == (PAGES, True, "", "audio"), (
        fax
    )
    assert fax["station"] == "HylaFAX 1"
    pages_came(client, fax)
    row = client.calls(1)[0]
    assert (row["direction"], row["caller"], row["called"], row["has_fax"]) == (
        "internal",
        "101",
        "700",
        True,
    )


def registration(client: Company, port: dict[str, Any]) -> Any:
    return client.api.get(f"{client.path}/ports/{port['id']}")["registration"]
