"""The pages of a fax: a TIFF as it came over the line → PDF."""

import os
from pathlib import Path

import img2pdf
from PIL import Image, UnidentifiedImageError


def count(tiff: Path) -> int:
    """Whole pages of a TIFF; 0 for a file that holds none."""
    try:
        with Image.open(tiff) as image:
            return int(getattr(image, "n_frames", 1))
    except (UnidentifiedImageError, OSError, ValueError):
        return 0


def to_pdf(tiff: Path, target: Path) -> None:
    """Write the pages as PDF, dot for dot, in the size they had on paper (the resolutions across and down differ)."""
    with tiff.open("rb") as source:
        made = img2pdf.convert(source.read())
    draft = target.with_name(target.name + ".new")
    draft.write_bytes(made)
    os.replace(draft, target)
