"""The AMI client against a real engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ats.dialplan.model import Line
from ats.engine import certificate
from ats.engine.agent.provision import add_line, remove_context
from ats.engine.ami import Ami, AmiError, AmiUnavailable
from tests.harness.instance import Instance


@asynccontextmanager
async def connected(instance: Instance, secret: str | None = None) -> AsyncIterator[Ami]:
    config = instance.config
    ami = Ami(
        config.ami_port, config.ami_user, secret or config.ami_secret, certificate=config.ami_certificate
    )
    task = asyncio.create_task(ami.run())
    try:
        await asyncio.wait_for(ami.ready.wait(), 20)
        yield ami
    finally:
        task.cancel()


async def test_many_actions_at_once_are_answered_in_order(instance: Instance) -> None:
    async with connected(instance) as ami:
        lines = [
            Line("test-ami", str(number), 1, "NoOp", f'{number}; a, "b" ${{X}}') for number in range(100, 700)
        ]
        answers = await ami.batch(add_line(line) for line in lines)
        assert all(answer.ok for answer in answers)
        shown = (await ami.action("Command", ("Command", "dialplan show 699@test-ami"))).response.output
        assert any('NoOp(699; a, "b" ${X})' in line for line in shown)
        await ami.batch([remove_context("test-ami")])
        with pytest.raises(AmiError):
            await ami.action("Command", ("Command", "dialplan show test-ami"))


async def test_replacing_a_line_keeps_one(instance: Instance) -> None:
    async with connected(instance) as ami:
        for text in ("one", "two"):
            await ami.batch([add_line(Line("test-ami2", "_X!", 1, "NoOp", text))])
        shown = (await ami.action("Command", ("Command", "dialplan show test-ami2"))).response.output
        assert not any("one" in line for line in shown)
        assert any("(two)" in line for line in shown)
        await ami.batch([remove_context("test-ami2")])


async def test_a_list_action_ends_with_its_complete_event(instance: Instance) -> None:
    async with connected(instance) as ami:
        answer = await ami.action("CoreShowChannels")
        assert all(event["Event"] == "CoreShowChannel" for event in answer.events)


async def test_a_refusal_is_an_error_with_the_engines_words(instance: Instance) -> None:
    async with connected(instance) as ami:
        with pytest.raises(AmiError, match="Invalid/unknown command"):
            await ami.action("NoSuchAction")
        assert (await ami.action("Ping")).ok


async def test_a_wrong_secret_never_gets_ready(instance: Instance) -> None:
    config = instance.config
    ami = Ami(config.ami_port, config.ami_user, "wrong", certificate=config.ami_certificate)
    task = asyncio.create_task(ami.run())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ami.ready.wait(), 1.5)
    with pytest.raises(AmiUnavailable):
        await ami.action("Ping")
    assert "Authentication failed" in ami.last_error
    task.cancel()


async def test_calls_cost_the_agent_no_events(instance: Instance) -> None:
    """Nothing but answers comes over the wire (DESIGN 4)."""
    seen: list[str] = []
    config = instance.config
    ami = Ami(
        config.ami_port,
        config.ami_user,
        config.ami_secret,
        certificate=config.ami_certificate,
        on_event=lambda event: seen.append(event["Event"]),
    )
    task = asyncio.create_task(ami.run())
    await asyncio.wait_for(ami.ready.wait(), 20)
    await ami.action(
        "Originate", ("Channel", "Local/s@ats-did-in"), ("Application", "Hangup"), ("Async", "true")
    )
    await asyncio.sleep(0.5)
    task.cancel()
    assert set(seen) <= {"FullyBooted"}
    # Nor does the engine carry them to its manager only to throw them away there.
    assert "manager:core" not in instance.engine("core show taskprocessors")
    assert "cel:aggregator" in instance.engine("core show taskprocessors")


async def test_a_batch_of_any_size_comes_through_and_needs_the_engines_own_key(
    instance: Instance, tmp_path: Path
) -> None:
    async with connected(instance) as ami:
        lines = [Line("test-ami3", str(n), 1, "NoOp", "x" * (n % 800)) for n in range(1, 3000)]
        assert all(answer.ok for answer in await ami.batch(map(add_line, lines), timeout=20))
        await ami.batch([remove_context("test-ami3")])
    another = tmp_path / "ami.pem"
    certificate.ensure(another)
    config = instance.config
    ami = Ami(config.ami_port, config.ami_user, config.ami_secret, certificate=another)
    task = asyncio.create_task(ami.run())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ami.ready.wait(), 1)
    assert "certificate" in ami.last_error.lower()
    task.cancel()
