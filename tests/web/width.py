"""What has to be scrolled sideways, though it need not be."""

from playwright.sync_api import Page

# The page itself, and everything in it that would move under a finger: lists, windows, tables.
_WIDER = """() => [document.documentElement, ...document.querySelectorAll('main *, [role=dialog], [role=dialog] *')]
  .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX))
  .map((one) => `${one.className || one.tagName}: ${one.scrollWidth} > ${one.clientWidth}`)"""


def scrolled_sideways(page: Page) -> list[str]:
    """Class and widths, in pixels, of each part of the present screen that is wider than its place; best none."""
    found: list[str] = page.evaluate(_WIDER)
    return found
