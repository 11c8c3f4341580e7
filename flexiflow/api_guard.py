"""What stands before every route of the HTTP interface: token, size, exits, the server's end."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from flexiflow.json_text import to_json
from flexiflow.safe_text import safe_str

__all__ = [
    "BodyLimit",
    "ExitGuard",
    "FlowExitError",
    "RequestsUnderWay",
    "TokenGuard",
    "problem_body",
]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATH = "/health"

_MOST_SKIPPED = 64 * 1024 * 1024
_PATIENCE = 5.0
"""Bytes and seconds of a body that is too large which are read and thrown away."""


def problem_body(
    what: str, why: str | None = None, fix: str | None = None, **more: Any
) -> dict[str, Any]:
    """The JSON object of an error; ``detail`` repeats what is wrong, where clients look for it."""
    return {"detail": what, "what": what, "why": why, "fix": fix, **more}


class TokenGuard:
    """Lets requests through that carry the token; ``/health`` is open to all.

    Args:
        app: what is guarded.
        token: what ``Authorization: Bearer`` must carry; blanks around it do not count, as no
            header can carry them.
    """

    def __init__(self, app: App, token: str) -> None:
        self._app = app
        self._expected = token.strip().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http" or scope["path"] == OPEN_PATH or self._is_known(scope):
            await self._app(scope, receive, send)
            return

        body = problem_body(
            "Not authorised",
            "Every route but /health needs the token that this server was started with.",
            "Send the header 'Authorization: Bearer TOKEN'.",
        )
        await send_json(send, 401, body, [(b"www-authenticate", b"Bearer")])

    def _is_known(self, scope: Scope) -> bool:
        given = b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                given = value

        scheme, _, token = given.partition(b" ")
        # Takes the same time however much of the token is right.
        is_right = secrets.compare_digest(token.strip(), self._expected)
        return scheme.lower() == b"bearer" and is_right


class FlowExitError(Exception):
    """The flow's own code asked for the program's end, which is not its to decide here."""


class ExitGuard:
    """Lets an exit that a state asks for fail its request, and the server live on.

    Args:
        app: what is guarded.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection.

        Raises:
            FlowExitError: in the place of ``SystemExit``, which no other handler would see.
        """
        try:
            await self._app(scope, receive, send)
        except SystemExit as error:
            raise FlowExitError(f"SystemExit: {safe_str(error)}") from error


class RequestsUnderWay:
    """Knows the requests that are being answered, and can end them when the server has to.

    Args:
        app: what answers them.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._ended: set[asyncio.Task[Any]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection; who waits for its answer when it is ended gets a 503."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - servers run requests in tasks
        has_answer = False

        async def note(message: Message) -> None:
            nonlocal has_answer
            has_answer = True
            await send(message)

        self._tasks.add(task)
        try:
            await self._app(scope, receive, note)
        except asyncio.CancelledError:
            if has_answer or task not in self._ended:
                raise

            task.uncancel()
            await self._send_end(send)
        finally:
            self._tasks.discard(task)
            self._ended.discard(task)

    def end(self) -> None:
        """Ends all of them."""
        for task in self._tasks - self._ended:
            self._ended.add(task)
            task.cancel()

    async def _send_end(self, send: Send) -> None:
        body = problem_body(
            "The server is ending",
            "It was told to stop, and the request was not through when its time was over.",
            "Send it again when the server is back; see first how far the component came.",
        )
        await send_json(send, 503, body, [(b"connection", b"close")])


class BodyLimit:
    """Refuses request bodies that are too large, before anything reads them.

    Args:
        app: what is guarded.
        limit: the largest body, in bytes.
    """

    def __init__(self, app: App, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        messages = await self._read(scope, receive)
        if messages is None:
            body = problem_body(
                "Request body too large",
                f"A body of more than {self._limit} bytes is refused.",
                "Send less in one message.",
            )
            # There may be more of it: the connection is of no use any more.
            await send_json(send, 413, body, [(b"connection", b"close")])
            return

        waiting = iter(messages)

        async def replay() -> Message:
            for message in waiting:
                return message

            return await receive()

        await self._app(scope, replay, send)

    async def _read(self, scope: Scope, receive: Receive) -> list[Message] | None:
        """The messages that make up the body; None when it is too large, and has been skipped."""
        if self._is_declared_too_large(scope):
            # Who asks before sending has sent nothing yet, and is not told to go on.
            if (b"expect", b"100-continue") not in _lowered(scope["headers"]):
                await _skip_rest(receive)

            return None

        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self._limit:
                if message.get("more_body"):
                    await _skip_rest(receive)

                return None

            if not message.get("more_body"):
                return messages

    def _is_declared_too_large(self, scope: Scope) -> bool:
        return any(
            name == b"content-length" and value.isdigit() and int(value) > self._limit
            for name, value in scope["headers"]
        )


def _lowered(headers: Iterable[tuple[bytes, bytes]]) -> set[tuple[bytes, bytes]]:
    return {(name, value.lower()) for name, value in headers}


async def _skip_rest(receive: Receive) -> None:
    """Reads on for a while: who is still sending when the connection ends never sees the answer."""
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while size < _MOST_SKIPPED:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body"):
                    return


async def send_json(
    send: Send, status: int, body: Any, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Sends a whole JSON response."""
    content = to_json(body).encode()
    head = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        *(headers or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": content})
