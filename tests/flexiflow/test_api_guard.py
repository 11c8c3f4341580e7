"""What stands before every route, spoken to directly."""

import asyncio

import pytest

from flexiflow import api_guard
from flexiflow.api_guard import BodyLimit, TokenGuard


class App:
    """Remembers what reached it."""

    def __init__(self):
        self.seen = []

    async def __call__(self, scope, receive, send):
        message = await receive()
        self.seen.append((scope["type"], message.get("body")))


@pytest.fixture
def app():
    return App()


def source(*messages):
    """A client that sends these and then no more."""
    waiting = list(messages)

    async def receive():
        if waiting:
            return waiting.pop(0)
        return await asyncio.get_running_loop().create_future()

    return receive


class Sent(list):
    """What was sent to the client."""

    async def __call__(self, message):
        self.append(message)


def http(**fields):
    return {"type": "http", "path": "/", "headers": [], **fields}


def part(body, *, more=True):
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
async def test_other_connections_pass(app, kind):
    """Only requests have bodies and tokens."""
    guarded = TokenGuard(BodyLimit(app, 1), "t")
    await guarded({"type": kind}, source({"type": f"{kind}.startup"}), Sent())
    assert app.seen == [(kind, None)]


async def test_body_in_parts(app):
    """It reaches the application as it came."""
    await BodyLimit(app, 10)(http(), source(part(b"abc"), part(b"def", more=False)), Sent())
    assert app.seen == [("http", b"abc")]


async def test_declared_length_is_enough_to_refuse(app):
    """Such a body is not gathered; a length that is no number is left to others."""
    sent = Sent()
    scope = http(headers=[(b"content-length", b"11")])
    await BodyLimit(app, 10)(scope, source(part(b"x", more=False)), sent)
    assert sent[0]["status"] == 413
    scope = http(headers=[(b"content-length", b"many")])
    await BodyLimit(app, 10)(scope, source(part(b"x", more=False)), Sent())
    assert app.seen == [("http", b"x")]


async def test_client_that_never_ends(app, monkeypatch):
    """Patience with a body that is too large has an end, in seconds ..."""
    monkeypatch.setattr(api_guard, "_PATIENCE", 0.01)
    sent = Sent()
    await BodyLimit(app, 1)(http(), source(part(b"xx")), sent)
    assert (sent[0]["status"], app.seen) == (413, [])


async def test_client_that_sends_for_ever(app, monkeypatch):
    """... and in bytes."""
    monkeypatch.setattr(api_guard, "_MOST_SKIPPED", 100)
    sent = Sent()

    async def receive():
        return part(b"x" * 30)

    await BodyLimit(app, 1)(http(), receive, sent)
    assert sent[0]["status"] == 413
    assert (b"connection", b"close") in sent[0]["headers"]


async def test_client_that_leaves():
    """What follows the body is the application's to hear."""
    heard = []

    async def listener(scope, receive, send):
        heard.extend([(await receive())["type"], (await receive())["type"]])

    limit = BodyLimit(listener, 10)
    await limit(http(), source(part(b"", more=False), {"type": "http.disconnect"}), Sent())
    assert heard == ["http.request", "http.disconnect"]
