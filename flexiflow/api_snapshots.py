"""The routes of the HTTP interface that list, take and restore snapshots."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Annotated, TypeVar

from fastapi import Body, FastAPI, Path, Query

from flexiflow.api_errors import ApiError, PlainResponse, problem_responses
from flexiflow.api_routes import component_for
from flexiflow.engine import FlexiFlowEngine
from flexiflow.extras.persist_sqlite import list_snapshots, load_snapshot_by_id, save_snapshot
from flexiflow.snapshot import ComponentSnapshot, snapshot_to_mapping, take_snapshot
from flexiflow.state_files import sqlite_errors

__all__ = ["SnapshotRoutes"]

_LARGEST_ID = 2**63 - 1
RowId = Annotated[int, Path(ge=1, le=_LARGEST_ID)]
T = TypeVar("T")


class SnapshotRoutes:
    """The routes; each request opens the database for itself, in a thread.

    Args:
        engine: whose components they are about.
        database: the SQLite database; without one every route says so.
    """

    def __init__(self, engine: FlexiFlowEngine, database: str | FilePath | None) -> None:
        self._engine = engine
        self._database = database

    def add_to(self, app: FastAPI) -> None:
        """Adds the routes to an application."""
        said = problem_responses(400, 401, 404, 413, 422)
        path = "/components/{name}"
        app.add_api_route(f"{path}/snapshots", self.listing, methods=["GET"], responses=said)
        app.add_api_route(f"{path}/snapshots", self.take, methods=["POST"], responses=said)
        app.add_api_route(f"{path}/restore", self.restore, methods=["POST"], responses=said)
        app.add_api_route("/snapshots/{snapshot_id}", self.one, methods=["GET"], responses=said)

    async def listing(
        self,
        name: str,
        limit: Annotated[int, Query(ge=0, le=1000)] = 10,
        before_id: Annotated[int | None, Query(ge=1, le=_LARGEST_ID)] = None,
    ) -> PlainResponse:
        """A component's snapshots, newest first; of components that are no longer there too."""
        rows = await self._with_database(
            lambda conn: list_snapshots(conn, name, limit=limit, before_id=before_id)
        )
        return PlainResponse({"snapshots": rows})

    async def one(self, snapshot_id: RowId) -> PlainResponse:
        """A whole snapshot."""
        return PlainResponse(snapshot_to_mapping(await self._snapshot_for(snapshot_id)))

    async def take(self, name: str) -> PlainResponse:
        """Stores a component as it is now."""
        snapshot = take_snapshot(component_for(self._engine, name))
        row_id = await self._with_database(lambda conn: save_snapshot(conn, snapshot))
        return PlainResponse({"id": row_id})

    async def restore(
        self,
        name: str,
        id: Annotated[int, Body(embed=True, ge=1, le=_LARGEST_ID)],  # noqa: A002 - the field's name
    ) -> PlainResponse:
        """Makes a component what it was in a snapshot."""
        component = component_for(self._engine, name)
        await component.restore(await self._snapshot_for(id))
        return PlainResponse({"name": name, "state": component.state_name})

    async def _snapshot_for(self, snapshot_id: int) -> ComponentSnapshot:
        found = await self._with_database(lambda conn: load_snapshot_by_id(conn, snapshot_id))
        if found is None:
            raise ApiError(
                404,
                "Snapshot not found",
                f"The database has no snapshot with id {snapshot_id}.",
                "See GET /components/NAME/snapshots for their ids.",
            )

        return found

    async def _with_database(self, use: Callable[[sqlite3.Connection], T]) -> T:
        database = self._database
        if database is None:
            raise ApiError(
                404,
                "No snapshots are kept",
                "This server was started without a database.",
                "Start it with one: flexiflow serve FILE --state DB",
            )

        def work() -> T:
            with sqlite_errors(database):
                connection = sqlite3.connect(database)
                try:
                    return use(connection)
                finally:
                    connection.close()

        return await asyncio.to_thread(work)
