"""The command ``serve``: a flow behind an HTTP interface."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from flexiflow.api_guard import RequestsUnderWay
from flexiflow.cli_output import write_note
from flexiflow.cli_session import open_session
from flexiflow.clock import LoopClock
from flexiflow.errors import ErrorContext, FlexiFlowError

__all__ = ["cmd_serve"]

_TOKEN_VARIABLE = "FLEXIFLOW_TOKEN"  # noqa: S105 - the name of a variable
_GRACE = 3
"""Seconds that requests under way have to end."""

_LAST_PORT = 65_535


async def cmd_serve(args: argparse.Namespace) -> None:
    """Serves a flow until it is told to stop.

    Raises:
        FlexiFlowError: it cannot be served, or not as it was asked for.
    """
    token = _token(args.token)
    async with open_session(
        args.file, clock=LoopClock(), imports=not args.no_imports, database=args.state
    ) as session:
        app = _app(session.engine, token, args.state)
        with _bound_socket(args.host, args.port) as bound:
            await session.begin(go_on=True)
            host, port = bound.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            notes = [f"Serving {session.component.name} on http://{shown}:{port}; Ctrl-C ends."]
            if token is None and not _is_loopback(host):
                notes.append(
                    f"Warning: whoever reaches port {port} controls the flow; use --token."
                )

            await _serve(app, bound, "\n".join(notes))


def _token(given: str | None) -> str | None:
    """The token that was given, or that of the environment, where an empty one counts as none."""
    token = os.environ.get(_TOKEN_VARIABLE) or None if given is None else given
    if token is None or token.strip():
        return token

    raise FlexiFlowError(
        "The token is empty",
        why="Whoever reaches the server could control the flow without knowing anything.",
        fix=f"Give --token or {_TOKEN_VARIABLE} a text, or leave both out to serve without one.",
    )


def _app(engine: Any, token: str | None, database: str | None) -> Any:
    try:
        # Imported late: they take longer to load than most commands take to run.
        import uvicorn  # noqa: F401 - here only to be told early that it is missing

        from flexiflow.api import create_app

        return create_app(engine, token=token, database=database)
    except (ImportError, RuntimeError) as error:
        raise FlexiFlowError(
            "Serving needs fastapi and uvicorn",
            why=f"{error}.",
            fix="Install them: pip install 'flexiflow[api]'",
        ) from error


async def _serve(app: Any, bound: socket.socket, note: str) -> None:
    """Serves until a signal comes; the note is written once it does."""
    # Imported late: an extra that the other commands do without.
    import uvicorn

    requests = RequestsUnderWay(app)

    class Server(uvicorn.Server):
        """Ends the streams of events first, which would keep it waiting; leaves signals to us."""

        def install_signal_handlers(self) -> None:
            """Nothing: older versions call this."""

        def capture_signals(self) -> Any:
            """Nothing: newer versions call this, and raise the signals again at the end."""
            return nullcontext()

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            write_note(note)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.hub.close()
            end = asyncio.get_running_loop().call_later(_GRACE, requests.end)
            await super().shutdown(sockets)
            end.cancel()

    server = Server(
        uvicorn.Config(
            requests,
            log_level="warning",
            access_log=False,
            use_colors=sys.stderr is not None and sys.stderr.isatty(),
            timeout_graceful_shutdown=2 * _GRACE,  # for requests that will not be ended
            lifespan="off",
        )
    )
    with _stopped_by_signals(server, requests), _quiet_cancelling():
        await server.serve(sockets=[bound])


@contextmanager
def _quiet_cancelling() -> Iterator[None]:
    """Keeps the server from showing the ends of requests as if they were failures of the flow."""

    def is_failure(record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))

    log = logging.getLogger("uvicorn.error")
    log.addFilter(is_failure)
    try:
        yield
    finally:
        log.removeFilter(is_failure)


@contextmanager
def _stopped_by_signals(server: Any, requests: RequestsUnderWay) -> Iterator[None]:
    """Lets Ctrl-C and SIGTERM end the server in order; a second one ends it at once."""
    loop = asyncio.get_running_loop()

    def stop(*_: object) -> None:
        if server.should_exit:
            server.force_exit = True
            requests.end()

        server.should_exit = True

    signals = (signal.SIGINT, signal.SIGTERM)
    former = {
        number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
        for number in signals
    }
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _bound_socket(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LAST_PORT:
        raise _cannot_listen(host, port, f"A port is a number from 0 to {_LAST_PORT}.")

    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise _cannot_listen(host, port, f"The system says: {error}.") from error


def _cannot_listen(host: str, port: int, why: str) -> FlexiFlowError:
    return FlexiFlowError(
        f"Cannot listen on {host}, port {port}",
        why=why,
        fix="Choose another --port (0 takes any that is free), or another --host.",
        context=ErrorContext({"host": host, "port": port}),
    )


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback
