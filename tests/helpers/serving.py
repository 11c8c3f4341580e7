"""A real HTTP server for tests, on the loop of the test."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn

__all__ = ["served"]


@contextlib.asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """Serves an application as long as the block runs; gives its address."""
    config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        task = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            app.state.hub.close()
            server.should_exit = True
            await task
