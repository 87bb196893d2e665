"""Pictures of the documentation: small, each of a screen the command knows, and each shown on a page."""

import io
import re

from PIL import Image

from ats.config import CHECKOUT
from tests.pictures.__main__ import FOLDER, IN_THE_DARK, MOST_BYTES, ON_A_PHONE, SHOTS, small


def test_every_screen_has_its_picture_and_every_picture_its_place() -> None:
    known = {*SHOTS, *(f"{name}-dark" for name in IN_THE_DARK), *(f"{name}-phone" for name in ON_A_PHONE)}
    pictures = {path.stem: path.stat().st_size for path in FOLDER.glob("*.png")}
    assert pictures.keys() == known, "run ./ats screenshots"
    assert max(pictures.values()) <= MOST_BYTES
    assert sum(path.stat().st_size for path in (CHECKOUT / "docs" / "img").rglob("*.png")) <= 4_000_000
    pages = "".join(page.read_text(encoding="utf-8") for page in (CHECKOUT / "docs").glob("*.md"))
    assert set(re.findall(r"img/screens/([\w-]+)\.png", pages)) == known


def test_a_noisy_picture_is_made_small() -> None:
    picture = Image.effect_noise((1280, 800), 80)
    out = io.BytesIO()
    picture.save(out, "PNG")
    assert len(small(out.getvalue())) < len(out.getvalue())
