"""Active calls: one look, and the stream of changes."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient
from django.test import Client as Browser
from django.utils import timezone

from ats.api import live
from ats.clients import actions
from ats.clients.models import User
from ats.engine.models import LiveCall, LiveWatch, Node
from tests.unit.world import World


def ring(client_id: int, uniqueid: str = "1.1") -> LiveCall:
    node, _ = Node.objects.get_or_create(name="node1")
    now = timezone.now()
    return LiveCall.objects.create(
        node=node, client_id=client_id, linkedid="1.1", uniqueid=uniqueid, channel="PJSIP/102001-1", caller="100",
        called="101", state="ringing", started_at=now - timedelta(seconds=3), updated_at=now,
    )  # fmt: skip


def test_looking_makes_the_agents_look(world: World, browser: Callable[[User], Browser]) -> None:
    ring(world.romashka.pk)
    ring(world.vega.pk, "2.2")
    answer = browser(world.keeper).get(f"/api/clients/{world.romashka.pk}/calls/active").json()
    assert [item["id"] for item in answer["items"]] == ["1.1"]
    assert 2900 <= answer["items"][0]["duration_ms"] <= 10_000
    assert answer["items"][0]["started_at"].endswith("Z")
    watch = LiveWatch.objects.get()
    assert watch.client_id == world.romashka.pk
    assert watch.until > timezone.now()


@pytest.mark.django_db(transaction=True)
async def test_the_stream_tells_changes_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.01)
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)
    browser = AsyncClient()
    await sync_to_async(browser.force_login)(world.keeper)
    answer = await browser.get(f"/api/clients/{world.romashka.pk}/calls/active/stream")
    assert answer.headers["Content-Type"] == "text/event-stream"
    stream = aiter(answer.streaming_content)

    async def event() -> Any:
        text = (await anext(stream)).decode()
        return None if text.startswith(":") else json.loads(text.removeprefix("event: calls\ndata: "))

    assert (await event())["items"] == []
    assert await event() is None, "nothing changed: only a sign of life"
    call = await sync_to_async(ring)(world.romashka.pk)
    seen = await event()
    while seen is None:
        seen = await event()
    assert [item["state"] for item in seen["items"]] == ["ringing"]
    await sync_to_async(call.delete)()
    seen = await event()
    while seen is None:
        seen = await event()
    assert seen["items"] == []
    await stream.aclose()
    await sync_to_async(connections.close_all)()


@pytest.mark.parametrize("how", ["switched off", "right lost", "logged out", "token revoked", "less to see"])
@pytest.mark.django_db(transaction=True)
async def test_the_stream_ends_with_the_right_to_it(
    world: World, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """As a new request would be refused, within a look; who may see only his own calls gets no others."""
    monkeypatch.setattr(live, "POLL_S", 0.01)
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.0)
    browser, bearer = AsyncClient(), {}
    if how == "token revoked":
        token, text = await sync_to_async(actions.create_token)(world.keeper, "Экран", None)
        bearer = {"Authorization": f"Bearer {text}"}
    else:
        await sync_to_async(browser.force_login)(world.keeper)
    answer = await browser.get(f"/api/clients/{world.romashka.pk}/calls/active/stream", headers=bearer)
    stream = aiter(answer.streaming_content)
    for _ in range(3):
        await anext(stream)
    if how == "switched off":
        world.keeper.is_active = False
    elif how == "right lost":
        world.keeper.rights = ["http_login"]
    elif how == "less to see":
        world.keeper.rights = ["http_login", "view_own_cdr"]
        await sync_to_async(ring)(world.romashka.pk)
    elif how == "logged out":
        await browser.alogout()
    else:
        await sync_to_async(token.delete)()
    await world.keeper.asave()
    told = [text.decode() for text in [await anext(stream) for _ in range(3)]] if how == "less to see" else []
    if how != "less to see":
        async with asyncio.timeout(10):
            told = [text.decode() async for text in stream]
        assert len(told) <= 1, "the look that was under way"
    assert "1.1" not in "".join(told)
    await stream.aclose()
    await sync_to_async(connections.close_all)()


async def test_the_stream_is_not_for_strangers(db: None) -> None:
    answer = await AsyncClient().get("/api/clients/1/calls/active/stream")
    assert answer.status_code == 401
