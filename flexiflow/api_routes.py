"""The routes of the HTTP interface that show components, and hand them messages and rules."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, FastAPI, Query
from starlette.responses import StreamingResponse

from flexiflow.api_errors import ApiError, PlainResponse, problem_responses
from flexiflow.engine import FlexiFlowEngine
from flexiflow.event_stream import EventHub

__all__ = ["ComponentRoutes", "component_for"]


def component_for(engine: FlexiFlowEngine, name: str) -> Any:
    """The component of that name.

    Raises:
        ApiError: there is none.
    """
    component = engine.get(name)
    if component is None:
        names = getattr(engine, "components", ())
        raise ApiError(
            404,
            "Component not found",
            f"The engine has: {', '.join(names) or 'none'}.",
            "See GET /components for their names.",
        )

    return component


class ComponentRoutes:
    """The routes.

    Args:
        engine: whose components they show.
        hub: where live events come from.
    """

    def __init__(self, engine: FlexiFlowEngine, hub: EventHub) -> None:
        self._engine = engine
        self._hub = hub

    def add_to(self, app: FastAPI) -> None:
        """Adds the routes to an application."""
        one, body = problem_responses(401, 404, 413), problem_responses(400, 401, 404, 413, 422)
        path = "/components/{name}"
        app.add_api_route("/health", self.health, methods=["GET"], responses=problem_responses(413))
        app.add_api_route("/components", self.components, methods=["GET"], responses=one)
        app.add_api_route(path, self.component, methods=["GET"], responses=one)
        app.add_api_route(f"{path}/state", self.state, methods=["GET"], responses=one)
        app.add_api_route(f"{path}/rules", self.rules, methods=["GET"], responses=one)
        app.add_api_route(f"{path}/rules", self.add_rules, methods=["POST"], responses=body)
        app.add_api_route(f"{path}/message", self.message, methods=["POST"], responses=body)
        app.add_api_route(
            "/events",
            self.events,
            methods=["GET"],
            responses=body,
            response_class=StreamingResponse,
        )

    async def health(self) -> PlainResponse:
        """Tells that the server lives."""
        return PlainResponse({"status": "ok"})

    async def components(self) -> PlainResponse:
        """All components with their states."""
        found = [_state_of(component) for component in self._engine.components.values()]
        return PlainResponse({"components": found})

    async def component(self, name: str) -> PlainResponse:
        """A component with its state, rules and data."""
        component = component_for(self._engine, name)
        facts = {
            "rules": getattr(component, "rules", []),
            "context": getattr(component, "context", {}),
        }
        return PlainResponse(_state_of(component) | facts)

    async def state(self, name: str) -> PlainResponse:
        """A component's state."""
        return PlainResponse(_state_of(component_for(self._engine, name)))

    async def rules(self, name: str) -> PlainResponse:
        """A component's rules."""
        component = component_for(self._engine, name)
        return PlainResponse({"name": name, "rules": getattr(component, "rules", [])})

    async def add_rules(
        self, name: str, rules: Annotated[list[Any], Body(embed=True)]
    ) -> PlainResponse:
        """Appends rules to a component's."""
        component = component_for(self._engine, name)
        await component.update_rules(rules)
        return PlainResponse({"name": name, "rules": component.rules})

    async def message(self, name: str, message: Annotated[dict[str, Any], Body()]) -> PlainResponse:
        """Lets a component handle a message; answers when it has been handled."""
        await component_for(self._engine, name).handle_message(message)
        return PlainResponse({"status": "sent"})

    async def events(self, name: Annotated[list[str] | None, Query()] = None) -> StreamingResponse:
        """All events from now on as server-sent events, or only those that are named."""
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(
            self._hub.stream(name or ()), media_type="text/event-stream", headers=headers
        )


def _state_of(component: Any) -> dict[str, Any]:
    return {"name": component.name, "state": getattr(component, "state_name", None)}
