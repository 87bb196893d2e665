"""The browser's telephone in tests: what its peer connections sent and heard."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.harness.instance import wait_for
from tests.web.cabinet import Cabinet

# Keeps every peer connection of the page where a test can ask it.
_KEEP = """
window.connections = [];
const Made = window.RTCPeerConnection;
window.RTCPeerConnection = function (...given) {
  const made = new Made(...given);
  window.connections.push(made);
  return made;
};
window.RTCPeerConnection.prototype = Made.prototype;
"""
_ASK = """async () => {
  const last = window.connections.at(-1);
  if (!last) return null;
  const found = { sent: 0, received: 0, energy: 0, codec: '' };
  const all = [...(await last.getStats()).values()];
  for (const one of all) {
    if (one.kind !== 'audio') continue;
    if (one.type === 'outbound-rtp') found.sent = one.bytesSent;
    if (one.type === 'inbound-rtp') {
      found.received = one.bytesReceived;
      found.energy = one.totalAudioEnergy ?? 0;
      found.codec = all.find((other) => other.id === one.codecId)?.mimeType ?? '';
    }
  }
  return found;
}"""


def prepare(page: Page) -> None:
    """Before the page is opened."""
    page.add_init_script(_KEEP)


def switch_on(cabinet: Cabinet) -> None:
    """Opens the telephone in the corner and waits until it is registered."""
    cabinet.button("Веб-телефон").click()
    cabinet.button("Включить телефон").click()
    expect(cabinet.page.get_by_text("на связи")).to_be_visible()


def dial(cabinet: Cabinet, number: str) -> None:
    phone = cabinet.page.get_by_role("region", name="Телефон")
    phone.get_by_label("Номер", exact=True).fill(number)
    phone.get_by_role("button", name="Позвонить", exact=True).click()


def stats(page: Page) -> dict[str, Any]:
    found: dict[str, Any] | None = page.evaluate(_ASK)
    return found or {"sent": 0, "received": 0, "energy": 0.0, "codec": ""}


def hears(page: Page, seconds: float = 20) -> dict[str, Any]:
    """Waits until sound, not only packets, has come in and gone out; returns the figures."""

    def sound() -> bool:
        seen = stats(page)
        return bool(seen["sent"] > 4000 and seen["received"] > 4000 and seen["energy"] > 1e-5)

    wait_for(sound, seconds, lambda: str(stats(page)))
    return stats(page)
