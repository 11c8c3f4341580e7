"""The HTTP interface to an engine; needs the extra ``api`` (fastapi, uvicorn)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flexiflow.api_guard import BodyLimit, ExitGuard, TokenGuard
from flexiflow.engine import FlexiFlowEngine

FastAPI: Any
HTTPException: Any
try:
    from fastapi import FastAPI, HTTPException
except ImportError:
    FastAPI = None
    HTTPException = Exception

__all__ = ["DEFAULT_BODY_LIMIT", "create_app"]

DEFAULT_BODY_LIMIT = 1024 * 1024
"""The largest request body, in bytes."""


def create_app(
    engine: FlexiFlowEngine,
    *,
    token: str | None = None,
    database: str | Path | None = None,
    body_limit: int = DEFAULT_BODY_LIMIT,
) -> Any:
    """A FastAPI application that shows an engine's components and hands them messages.

    Args:
        engine: the engine; it runs on the event loop that serves the application.
        token: when given, every route but ``/health`` needs ``Authorization: Bearer`` with it.
        database: a SQLite database of snapshots, to be listed, taken and restored.
        body_limit: larger request bodies are refused.

    Raises:
        RuntimeError: fastapi is not installed.
        ValueError: the token is empty, or only blanks.
    """
    if FastAPI is None:
        raise RuntimeError("fastapi is not installed. Install with: pip install -e '.[api]'")

    if token is not None and not token.strip():
        raise ValueError("token must not be empty")

    # Imported here: the routes need fastapi, this module must not.
    from flexiflow.api_errors import add_error_handlers
    from flexiflow.api_routes import ComponentRoutes
    from flexiflow.api_snapshots import SnapshotRoutes
    from flexiflow.event_stream import EventHub

    app = FastAPI(title="FlexiFlow", description="Components of a running engine.")
    app.state.hub = EventHub(engine)
    add_error_handlers(app)
    ComponentRoutes(engine, app.state.hub).add_to(app)
    SnapshotRoutes(engine, database).add_to(app)
    app.add_middleware(ExitGuard)
    app.add_middleware(BodyLimit, limit=body_limit)
    if token is not None:
        app.add_middleware(TokenGuard, token=token)

    return app
