"""Errors as the HTTP interface tells them: JSON with What, Why and Fix."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Match, Route

from flexiflow.api_guard import FlowExitError, problem_body
from flexiflow.errors import FlexiFlowError
from flexiflow.json_text import to_json

__all__ = ["ApiError", "PlainResponse", "ProblemBody", "add_error_handlers", "problem_responses"]


class PlainResponse(JSONResponse):
    """JSON of any value: what JSON has no form for is shown as Python shows it."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return to_json(content).encode()


class ProblemBody(BaseModel):
    """The body of every error."""

    detail: Any
    what: str
    why: str | None = None
    fix: str | None = None


class ApiError(Exception):
    """A request that cannot be met.

    Args:
        status: the HTTP status.
        what: what is wrong, in one line.
        why: the rule that was broken.
        fix: what to do about it.
    """

    def __init__(self, status: int, what: str, why: str, fix: str) -> None:
        super().__init__(what)
        self.status = status
        self.body = problem_body(what, why, fix)


_MEANINGS = {
    400: "The engine refused it",
    401: "The token is missing",
    404: "There is no such thing",
    409: "The state of things does not allow it",
    413: "The body is too large",
    422: "The request has another form than it has to have",
}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the description of a route says about its errors."""
    return {status: {"model": ProblemBody, "description": _MEANINGS[status]} for status in statuses}


def add_error_handlers(app: FastAPI) -> None:
    """Lets every error leave the application in the one form."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(FlexiFlowError, _library_error)
    app.add_exception_handler(Exception, _unexpected_error)


async def _api_error(_request: Request, error: Exception) -> PlainResponse:
    assert isinstance(error, ApiError)  # noqa: S101 - registered for this class
    return PlainResponse(error.body, error.status)


async def _http_error(request: Request, error: Exception) -> PlainResponse:
    """No such route, another method, a body that cannot be read."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    headers = dict(error.headers or {})
    if error.status_code == 404:
        why = f"This server has no route {request.url.path}."
    elif error.status_code == 405:
        # The framework names those of one route only, and a path may have several.
        headers["Allow"] = ", ".join(_methods_for(request))
        why = f"{request.url.path} takes {headers['Allow']}, and not {request.method}."
    else:
        cause = error.__cause__ or error
        why = f"{type(cause).__name__}: {cause}"

    body = problem_body(str(error.detail), why, "See /docs for what there is.")
    return PlainResponse(body, error.status_code, headers=headers)


def _methods_for(request: Request) -> list[str]:
    """The methods that the path of a request can be asked with."""
    methods: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            methods.update(route.methods or ())

    return sorted(methods)


async def _invalid_request(_request: Request, error: Exception) -> PlainResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    found = error.errors()
    places = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)
    body = problem_body("The request is not valid", "; ".join(places), "See /docs for its form.")
    return PlainResponse({**body, "detail": found}, 422)


async def _library_error(_request: Request, error: Exception) -> PlainResponse:
    assert isinstance(error, FlexiFlowError)  # noqa: S101 - registered for this class
    body = problem_body(error.what, error.why, error.fix, context=error.context.items)
    return PlainResponse(body, 400)


async def _unexpected_error(_request: Request, error: Exception) -> PlainResponse:
    """What a state of the user's raised, for one; the server logs it."""
    cause = error.__cause__ if isinstance(error, FlowExitError) else error
    why = f"The flow's own code raised {type(cause).__name__}."
    return PlainResponse(problem_body("Internal error", why, "See the server's log."), 500)
