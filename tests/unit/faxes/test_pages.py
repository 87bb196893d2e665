"""Pages of a fax as pictures for the screen."""

import io
from pathlib import Path

import pytest
from PIL import Image

from ats.faxes import pages


def _tiff(path: Path, dpi: tuple[int, int], height: int) -> Path:
    first, second = Image.new("1", (1728, height), 1), Image.new("1", (1728, height), 0)
    first.save(path, "TIFF", save_all=True, append_images=[second], compression="group4", dpi=dpi)
    return path


@pytest.mark.parametrize(("dpi", "height"), [((204, 196), 2200), ((204, 98), 1100)], ids=["fine", "standard"])
def test_a_page_has_the_proportions_of_paper(tmp_path: Path, dpi: tuple[int, int], height: int) -> None:
    tiff = _tiff(tmp_path / "1.tif", dpi, height)
    shown = [Image.open(io.BytesIO(pages.to_png(tiff, number))) for number in (1, 2)]
    assert {image.size for image in shown} == {(864, 1145)}
    assert [image.getpixel((400, 500)) for image in shown] == [255, 0]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    tiff, torn = _tiff(tmp_path / "1.tif", (204, 196), 100), tmp_path / "2.tif"
    torn.write_bytes(tiff.read_bytes()[:60])
    for path, number in ((tiff, 3), (tiff, 0), (torn, 1), (tmp_path / "none.tif", 1)):
        with pytest.raises(ValueError, match="no page"):
            pages.to_png(path, number)
