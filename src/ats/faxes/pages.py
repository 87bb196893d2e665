"""The pages of a fax: a TIFF as it came over the line → PDF, or pictures for the screen."""

import io
import os
from pathlib import Path

from PIL import Image, UnidentifiedImageError

_SCREEN_WIDTH = 864  # half of what a fax line holds: grey stands for dots that are too fine


def count(tiff: Path) -> int:
    """Whole pages of a TIFF; 0 for a file that holds none."""
    try:
        with Image.open(tiff) as image:
            return int(getattr(image, "n_frames", 1))
    except (UnidentifiedImageError, OSError, ValueError):
        return 0


def to_pdf(tiff: Path, target: Path) -> None:
    """Write the pages as PDF, dot for dot, in the size they had on paper (the resolutions across and down differ)."""
    import img2pdf  # here: 45 ms and a line in the log, which only the process that makes PDFs should have

    with tiff.open("rb") as source:
        made = img2pdf.convert(source.read())
    draft = target.with_name(target.name + ".new")
    draft.write_bytes(made)
    os.replace(draft, target)


def to_png(tiff: Path, number: int) -> bytes:
    """One page (from 1) as a picture for the screen, in the proportions it had on paper.

    Raises ValueError when there is no such page, or the file cannot be read.
    """
    try:
        with Image.open(tiff) as image:
            image.seek(number - 1)
            across, down = (float(one) for one in image.info.get("dpi", (204, 196)))
            height = round(image.height * across / down * _SCREEN_WIDTH / image.width)
            shown = image.convert("L").resize((_SCREEN_WIDTH, max(1, height)), Image.Resampling.BOX)
    except (EOFError, OSError, ZeroDivisionError, Image.DecompressionBombError) as error:
        raise ValueError(f"{tiff.name} has no page {number} to show") from error
    out = io.BytesIO()
    shown.save(out, "PNG")
    return out.getvalue()
