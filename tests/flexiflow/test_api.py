"""The HTTP interface, on a real server with a real client."""

import asyncio
import json
import math
import sys
from types import SimpleNamespace

import httpx
import pytest

from flexiflow import api, api_guard
from flexiflow.api import create_app
from flexiflow.component import AsyncComponent
from flexiflow.config_loader import load_component
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import StateError
from flexiflow.state_machine import State, StateMachine
from tests.helpers.serving import served

PACK = {
    "pack": "door",
    "context": {"pushes": 0},
    "states": {"Shut": None, "Open": None},
    "transitions": [
        {
            "from": "Shut",
            "message": "push",
            "to": "Open",
            "do": [{"set": {"pushes": "context.pushes + 1"}}, {"emit": {"event": "door.pushed"}}],
        }
    ],
}


class Boom(State):
    """Raises what the message asks for."""

    async def handle_message(self, message, component):
        """Raises."""
        if message.get("type") == "library":
            raise StateError("No way", why="It is shut.", fix="Open it.")
        if message.get("type") == "exit":
            sys.exit(3)
        raise RuntimeError("boom")


@pytest.fixture
async def engine():
    engine = FlexiFlowEngine()
    await engine.register_async(load_component(PACK))
    engine.register(AsyncComponent("boom", state_machine=StateMachine(Boom())))
    yield engine
    await engine.stop()


@pytest.fixture
async def client(engine, tmp_path):
    """A client of a server that keeps snapshots and asks for no token."""
    async with (
        served(create_app(engine, database=tmp_path / "states.db")) as address,
        httpx.AsyncClient(base_url=address, timeout=20) as http,
    ):
        yield http


async def answer(address, request):
    """What a server says to the bytes of a request, up to the end of the connection."""
    host, _, port = address.removeprefix("http://").partition(":")
    async with asyncio.timeout(20):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        said = await reader.read()
        writer.close()
        await writer.wait_closed()

    return said


async def next_event(lines):
    """The next server-sent event: its fields."""
    fields = {}
    async for line in lines:
        if not line and fields:
            return fields
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
    return None


class TestWithoutFastapi:
    def test_message(self, monkeypatch):
        """The error says how to install it."""
        monkeypatch.setattr(api, "FastAPI", None)
        with pytest.raises(RuntimeError) as caught:
            create_app(FlexiFlowEngine())
        assert str(caught.value) == (
            "fastapi is not installed. Install with: pip install -e '.[api]'"
        )

    def test_importing_without_it(self, monkeypatch):
        """The module can be imported; its names stand for nothing."""
        monkeypatch.setitem(sys.modules, "fastapi", None)
        monkeypatch.delitem(sys.modules, "flexiflow.api")
        import flexiflow.api as fresh

        assert fresh.FastAPI is None
        assert fresh.HTTPException is Exception


@pytest.mark.parametrize("token", ["", " ", "\t\n"])
def test_empty_token_is_refused(token):
    """An empty token would let everybody in."""
    with pytest.raises(ValueError, match="token"):
        create_app(FlexiFlowEngine(), token=token)


class TestOldRoutes:
    async def test_health(self, client):
        """The server lives."""
        reply = await client.get("/health")
        assert (reply.status_code, reply.json()) == (200, {"status": "ok"})

    @pytest.mark.parametrize("message", [{"type": "push"}, {"type": "nope"}, {}, {"a": [1]}])
    async def test_message(self, client, message):
        """Any object is handed over, whether or not it causes a transition."""
        reply = await client.post("/components/door/message", json=message)
        assert (reply.status_code, reply.json()) == (200, {"status": "sent"})

    async def test_message_is_handled(self, client, engine):
        """When the answer comes, it has been."""
        await client.post("/components/door/message", json={"type": "push"})
        assert engine.get("door").state_name == "Open"

    async def test_unknown_component(self, client):
        """404, with what there is."""
        reply = await client.post("/components/nobody/message", json={})
        assert reply.status_code == 404
        assert reply.json()["detail"] == "Component not found"
        assert "door" in reply.json()["why"]

    async def test_an_engine_of_another_make(self):
        """Finding components by name is all that these routes need."""
        app = create_app(SimpleNamespace(get=lambda _name: None))
        async with served(app) as address, httpx.AsyncClient(base_url=address) as http:
            reply = await http.post("/components/nobody/message", json={})

        assert (reply.status_code, reply.json()["detail"]) == (404, "Component not found")

    @pytest.mark.parametrize("body", [None, b"", b"[]", b'"x"', b"5", b"null", b"{", b'{"a": NaN'])
    async def test_body_that_is_no_object(self, client, body):
        """422, and the reason."""
        headers = {"content-type": "application/json"}
        reply = await client.post("/components/door/message", content=body, headers=headers)
        assert reply.status_code == 422
        assert reply.json()["what"] == "The request is not valid"
        assert reply.json()["detail"]

    @pytest.mark.parametrize("text", ["[" * 100_000, '{"a": ' + "9" * 5000 + "}", b"\xff"])
    async def test_body_beyond_the_parser(self, client, text):
        """A clear refusal, no failure of the server."""
        headers = {"content-type": "application/json"}
        reply = await client.post("/components/door/message", content=text, headers=headers)
        assert reply.status_code in {400, 422}
        assert all(reply.json()[name] for name in ("what", "why", "fix"))

    async def test_error_of_a_state(self, client, caplog):
        """500, told as an error of the flow's own code."""
        reply = await client.post("/components/boom/message", json={"type": "x"})
        assert reply.status_code == 500
        assert reply.json()["what"] == "Internal error"
        assert "RuntimeError" in reply.json()["why"]
        assert "boom" not in reply.text

    async def test_exit_of_a_state(self, client, caplog):
        """500 in the same form; the server lives on."""
        reply = await client.post("/components/boom/message", json={"type": "exit"})
        assert reply.status_code == 500
        found = reply.json()
        assert found["what"] == "Internal error"
        assert "SystemExit" in found["why"]
        assert found["fix"]
        assert (await client.get("/health")).status_code == 200

    async def test_error_of_the_library(self, client):
        """4xx, with what, why and fix."""
        reply = await client.post("/components/boom/message", json={"type": "library"})
        assert reply.status_code == 400
        found = reply.json()
        assert (found["detail"], found["why"], found["fix"]) == (
            "No way",
            "It is shut.",
            "Open it.",
        )


class TestComponents:
    async def test_list(self, client):
        """Names and states."""
        assert (await client.get("/components")).json() == {
            "components": [{"name": "door", "state": "Shut"}, {"name": "boom", "state": "Boom"}]
        }

    async def test_one(self, client):
        """State, rules and data."""
        assert (await client.get("/components/door")).json() == {
            "name": "door",
            "state": "Shut",
            "rules": [],
            "context": {"pushes": 0},
        }
        assert (await client.get("/components/none")).status_code == 404

    async def test_state(self, client):
        """The state alone."""
        await client.post("/components/door/message", json={"type": "push"})
        reply = await client.get("/components/door/state")
        assert reply.json() == {"name": "door", "state": "Open"}

    async def test_rules(self, client):
        """They are shown, and more are appended."""
        reply = await client.post("/components/door/rules", json={"rules": [{"a": 1}]})
        assert reply.json() == {"name": "door", "rules": [{"a": 1}]}
        await client.post("/components/door/rules", json={"rules": [{"b": 2}]})
        found = await client.get("/components/door/rules")
        assert found.json()["rules"] == [{"a": 1}, {"b": 2}]

    @pytest.mark.parametrize("body", [{"rules": "text"}, {"rules": {"a": 1}}, [], {}])
    async def test_bad_rules(self, client, body):
        """A list under 'rules' is needed."""
        assert (await client.post("/components/door/rules", json=body)).status_code == 422

    async def test_values_without_json_form(self, client, engine):
        """They are shown as Python shows them."""
        engine.get("door").context.update({"odd": {1}, "nan": math.nan, "keys": {(1, 2): object}})
        found = (await client.get("/components/door")).json()["context"]
        assert (found["odd"], found["nan"]) == ("{1}", "nan")
        assert found["keys"] == {"(1, 2)": "<class 'object'>"}

    async def test_any_object_with_a_name(self, client, engine):
        """An engine may hold other things."""

        class Thing:
            name = "thing"
            logger = event_bus = None

        engine.register(Thing())
        assert (await client.get("/components/thing")).json() == {
            "name": "thing",
            "state": None,
            "rules": [],
            "context": {},
        }

    async def test_unknown_route(self, client):
        """404 in the one form."""
        reply = await client.get("/nope")
        assert reply.status_code == 404
        assert set(reply.json()) == {"detail", "what", "why", "fix"}
        assert "/nope" in reply.json()["why"]

    @pytest.mark.parametrize(
        ("path", "methods"), [("/components", "GET"), ("/components/door/rules", "GET, POST")]
    )
    async def test_wrong_method(self, client, path, methods):
        """405, with the right ones in the header and in the reason."""
        reply = await client.delete(path)
        assert (reply.status_code, reply.headers["allow"]) == (405, methods)
        assert methods in reply.json()["why"]

    async def test_description(self, client):
        """The interface describes itself."""
        paths = (await client.get("/openapi.json")).json()["paths"]
        assert {"/health", "/components/{name}/message", "/events"} <= paths.keys()


class TestSnapshots:
    async def test_take_list_show_restore(self, client, engine):
        """The whole way of a snapshot."""
        taken = await client.post("/components/door/snapshots")
        assert taken.json() == {"id": 1}
        await client.post("/components/door/message", json={"type": "push"})
        await client.post("/components/door/snapshots")
        rows = (await client.get("/components/door/snapshots")).json()["snapshots"]
        assert [(row["id"], row["current_state"]) for row in rows] == [(2, "Open"), (1, "Shut")]
        shown = (await client.get("/snapshots/2")).json()
        assert shown["context"] == {"pushes": 1}
        restored = await client.post("/components/door/restore", json={"id": 1})
        assert restored.json() == {"name": "door", "state": "Shut"}
        assert engine.get("door").context == {"pushes": 0}

    async def test_pages(self, client):
        """Limit and place."""
        for _ in range(3):
            await client.post("/components/door/snapshots")
        address = "/components/door/snapshots"
        rows = (await client.get(address, params={"limit": 1, "before_id": 3})).json()["snapshots"]
        assert [row["id"] for row in rows] == [2]

    @pytest.mark.parametrize("query", [{"limit": -1}, {"limit": 1001}, {"before_id": 2**63}])
    async def test_bad_page(self, client, query):
        """Numbers that no page has."""
        reply = await client.get("/components/door/snapshots", params=query)
        assert reply.status_code == 422

    async def test_unknown_snapshot(self, client):
        """404."""
        assert (await client.get("/snapshots/99")).json()["what"] == "Snapshot not found"
        reply = await client.post("/components/door/restore", json={"id": 99})
        assert reply.status_code == 404
        assert (await client.get("/snapshots/0")).status_code == 422

    async def test_snapshot_of_an_unknown_state(self, client, engine):
        """A snapshot that does not fit changes nothing."""
        await client.post("/components/boom/snapshots")
        reply = await client.post("/components/door/restore", json={"id": 1})
        assert reply.status_code == 400
        assert reply.json()["what"] == "Unknown state: 'Boom'"
        assert engine.get("door").state_name == "Shut"

    async def test_without_a_database(self, engine):
        """Every route says so."""
        async with (
            served(create_app(engine)) as address,
            httpx.AsyncClient(base_url=address) as http,
        ):
            for reply in (
                await http.get("/components/door/snapshots"),
                await http.post("/components/door/snapshots"),
                await http.get("/snapshots/1"),
            ):
                assert reply.status_code == 404
                assert reply.json()["what"] == "No snapshots are kept"

    async def test_broken_database(self, engine, tmp_path):
        """An error of the library."""
        (tmp_path / "no.db").write_text("no database" * 100)
        async with (
            served(create_app(engine, database=tmp_path / "no.db")) as address,
            httpx.AsyncClient(base_url=address) as http,
        ):
            reply = await http.get("/components/door/snapshots")
            assert reply.status_code == 400
            assert "Cannot use database" in reply.json()["what"]


class TestEvents:
    async def test_live(self, client):
        """Every event from now on, those of actions included."""
        async with client.stream("GET", "/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.aiter_lines()
            assert await anext(lines) == ": events follow"
            await client.post("/components/door/message", json={"type": "push"})
            seen = [await next_event(lines) for _ in range(3)]
        assert [event["event"] for event in seen] == [
            "component.message.received",
            "door.pushed",
            "state.changed",
        ]
        assert [event["id"] for event in seen] == ["1", "2", "3"]
        assert json.loads(seen[2]["data"]) == {
            "component": "door",
            "from_state": "Shut",
            "to_state": "Open",
        }

    async def test_chosen(self, client, engine):
        """Only those that are named, also ones that nobody knows beforehand."""
        names = [("name", "my.event"), ("name", "state.changed")]
        async with client.stream("GET", "/events", params=names) as stream:
            lines = stream.aiter_lines()
            await anext(lines)
            await client.post("/components/door/message", json={"type": "push"})
            await engine.event_bus.publish("my.event", {"n": 1})
            seen = [await next_event(lines) for _ in range(2)]
        assert [event["event"] for event in seen] == ["state.changed", "my.event"]

    async def test_subscriptions_end_with_the_client(self, client, engine):
        """A client that leaves is forgotten."""
        async with client.stream("GET", "/events") as stream:
            await anext(stream.aiter_lines())
            assert engine.event_bus.route("state.changed")
        async with asyncio.timeout(10):
            while engine.event_bus.route("state.changed"):
                await client.get("/health")

    async def test_many_clients(self, client):
        """Each gets every event."""
        async with (
            client.stream("GET", "/events") as one,
            client.stream("GET", "/events") as other,
        ):
            streams = [one.aiter_lines(), other.aiter_lines()]
            for lines in streams:
                await anext(lines)
            await client.post("/components/door/message", json={"type": "nope"})
            for lines in streams:
                assert (await next_event(lines))["event"] == "component.message.received"


class TestToken:
    @pytest.fixture
    async def guarded(self, engine, tmp_path):
        """A client of an application that asks for a token."""
        app = create_app(engine, token="s3cret", database=tmp_path / "states.db")
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(base_url="http://app", transport=transport) as http:
            yield http

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/components"),
            ("GET", "/components/door"),
            ("POST", "/components/door/message"),
            ("GET", "/components/door/state"),
            ("GET", "/components/door/rules"),
            ("POST", "/components/door/rules"),
            ("GET", "/components/door/snapshots"),
            ("GET", "/snapshots/1"),
            ("GET", "/events"),
            ("GET", "/docs"),
            ("GET", "/openapi.json"),
            ("GET", "/nope"),
            ("GET", "/health/"),
            ("OPTIONS", "/components"),
        ],
    )
    async def test_every_route_needs_it(self, guarded, method, path):
        """Nothing is told or done without."""
        reply = await guarded.request(method, path)
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"] == "Bearer"
        assert set(reply.json()) == {"detail", "what", "why", "fix"}

    async def test_health_needs_none(self, guarded):
        """Whoever watches over servers needs no secret."""
        assert (await guarded.get("/health")).status_code == 200

    async def test_on_a_server(self, engine):
        """The same on a real one."""
        async with (
            served(create_app(engine, token="s3cret")) as address,
            httpx.AsyncClient(base_url=address) as http,
        ):
            assert (await http.get("/components")).status_code == 401
            headers = {"authorization": "Bearer s3cret"}
            assert (await http.get("/components", headers=headers)).status_code == 200

    async def test_right_token(self, guarded):
        """In the usual header."""
        for value in ("Bearer s3cret", "bearer s3cret"):
            reply = await guarded.get("/components", headers={"authorization": value})
            assert reply.status_code == 200

    async def test_blanks_around_the_token(self, engine):
        """No header can carry them, so they do not count."""
        transport = httpx.ASGITransport(create_app(engine, token=" s3cret\n"))
        async with httpx.AsyncClient(base_url="http://app", transport=transport) as http:
            headers = {"authorization": "Bearer s3cret"}
            assert (await http.get("/components", headers=headers)).status_code == 200
            assert (await http.get("/components")).status_code == 401

    @pytest.mark.parametrize(
        "value", ["s3cret", "Bearer", "Bearer wrong", "Basic s3cret", "Bearer s3cretx"]
    )
    async def test_wrong_token(self, guarded, value):
        """Nearly right is wrong."""
        reply = await guarded.get("/components", headers={"authorization": value})
        assert reply.status_code == 401


class TestBodyLimit:
    @pytest.fixture
    async def narrow(self, engine):
        """A client of a server that takes 100 bytes."""
        async with (
            served(create_app(engine, body_limit=100)) as address,
            httpx.AsyncClient(base_url=address) as http,
        ):
            yield http

    async def test_small_body(self, narrow):
        """Up to the limit it is taken."""
        body = b'{"a": "' + b"x" * 91 + b'"}'
        assert len(body) == 100
        headers = {"content-type": "application/json"}
        reply = await narrow.post("/components/door/message", content=body, headers=headers)
        assert reply.status_code == 200

    async def test_large_body(self, narrow):
        """Beyond it is refused, before it is parsed."""
        reply = await narrow.post("/components/door/message", content=b"x" * 101)
        assert reply.status_code == 413
        assert reply.json()["what"] == "Request body too large"

    async def test_body_of_unknown_length(self, narrow):
        """It is counted as it comes."""

        async def chunks():
            for _ in range(50):
                yield b"x" * 10

        reply = await narrow.post("/components/door/message", content=chunks())
        assert reply.status_code == 413

    @pytest.mark.parametrize("expect", ["", "Expect: 100-continue\r\n"])
    async def test_last_part_is_too_much(self, engine, monkeypatch, expect):
        """Where the body has ended there is nothing to wait for."""
        monkeypatch.setattr(api_guard, "_PATIENCE", 60)
        request = (
            "POST /components/door/message HTTP/1.1\r\nHost: x\r\n"
            f"Transfer-Encoding: chunked\r\n{expect}\r\n"
        )
        part = b"65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n"
        async with served(create_app(engine, body_limit=100)) as address:
            assert b"413" in await answer(address, request.encode() + part)

    async def test_who_asks_before_sending_is_told_at_once(self, engine, monkeypatch):
        """A body that is announced as too large is not waited for."""
        monkeypatch.setattr(api_guard, "_PATIENCE", 60)
        request = (
            b"POST /components/door/message HTTP/1.1\r\nHost: x\r\n"
            b"Content-Length: 101\r\nExpect: 100-Continue\r\n\r\n"
        )
        async with served(create_app(engine, body_limit=100)) as address:
            assert (await answer(address, request)).startswith(b"HTTP/1.1 413")

    async def test_default(self, client):
        """A megabyte."""
        reply = await client.post("/components/door/message", content=b" " * (1024 * 1024 + 1))
        assert reply.status_code == 413
