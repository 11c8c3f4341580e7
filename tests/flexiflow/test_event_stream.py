"""Events as a stream of text."""

import asyncio

import pytest

from flexiflow import event_stream
from flexiflow.component import AsyncComponent
from flexiflow.engine import FlexiFlowEngine
from flexiflow.event_stream import EventHub


@pytest.fixture
async def engine():
    engine = FlexiFlowEngine()
    await engine.register_async(AsyncComponent("c"))
    yield engine
    await engine.stop()


async def opened(hub, *names):
    """A stream whose subscriptions are made."""
    stream = hub.stream(names)
    assert await anext(stream) == ": events follow\n\n"
    return stream


async def test_text_of_an_event(engine):
    """Number, name and data; a line break in a name ends no field."""
    hub = EventHub(engine)
    stream = await opened(hub, "a\nb")
    await engine.event_bus.publish("a\nb", {"text": "x\ny"})
    assert await anext(stream) == 'id: 1\nevent: a b\ndata: {"text": "x\\ny"}\n\n'
    await stream.aclose()


async def test_what_has_gathered_comes_at_once(engine):
    """A slow client gets all that waits in one piece."""
    stream = await opened(EventHub(engine), "e", "e")
    for number in range(3):
        await engine.event_bus.publish("e", number)
    assert (await anext(stream)).count("event: e") == 3
    await stream.aclose()


async def test_events_beyond_the_limit_are_counted(engine, monkeypatch):
    """The oldest are dropped for a client that does not read."""
    monkeypatch.setattr(event_stream, "_KEPT", 2)
    stream = await opened(EventHub(engine), "e")
    for number in range(5):
        await engine.event_bus.publish("e", number)
    text = await anext(stream)
    assert text.startswith("event: flexiflow.dropped\ndata: 3\n\nid: 4\n")
    assert text.count("event: e\n") == 2
    await stream.aclose()


async def test_silence(engine, monkeypatch):
    """After a while without events a comment keeps the connection alive."""
    monkeypatch.setattr(event_stream, "_PAUSE", 0.01)
    stream = await opened(EventHub(engine))
    assert await anext(stream) == ": still here\n\n"
    await stream.aclose()


async def test_closing_ends_all_streams(engine):
    """Also one that waits."""
    hub = EventHub(engine)
    stream = await opened(hub)
    waiting = asyncio.ensure_future(anext(stream, None))
    await asyncio.sleep(0)
    hub.close()
    assert await waiting == ""
    assert await anext(stream, None) is None
    assert not engine.event_bus.route("state.changed")


async def test_other_things_in_the_engine(engine):
    """What is no component of ours has no actions to look at."""

    class Thing:
        name = "thing"
        logger = event_bus = None

    engine.register(Thing())
    await engine.drain()
    stream = await opened(EventHub(engine))
    assert engine.event_bus.route("state.changed")
    await stream.aclose()
