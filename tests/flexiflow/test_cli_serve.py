"""Serving a flow from the command line: a real process, a real client."""

import contextlib
import json
import os
import re
import signal
import socket
import sys
import threading

import httpx
import pytest

from flexiflow import cli_serve
from tests.helpers.cli import call, start

FLOW = """
    pack: door
    states: {Shut: , Open: }
    transitions:
      - {from: Shut, message: push, to: Open}
      - {from: Open, message: pull, to: Shut}
"""


@pytest.fixture
def flow(write):
    return write(FLOW, "door.yaml")


@pytest.fixture
def serve():
    """Starts a server on a free port and gives its process and address."""
    processes = []

    def start_server(*arguments, close=None):
        closing = {} if close is None else {"preexec_fn": lambda: os.close(int(close))}
        process = start("serve", *arguments, "--port", 0, **closing)
        processes.append(process)
        note = process.stderr.readline()
        found = re.search(r"on (http://\S+);", note)
        assert found, note + process.stderr.read()
        return process, found[1]

    yield start_server
    for process in processes:
        process.kill()
        process.communicate()


def stop(process, number=signal.SIGINT):
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_told_to_stop(serve, flow, number):
    """The flow is there; Ctrl-C and SIGTERM end it quietly."""
    process, address = serve(flow)
    assert address.startswith("http://127.0.0.1:")
    assert httpx.get(f"{address}/health").json() == {"status": "ok"}
    httpx.post(f"{address}/components/door/message", json={"type": "push"})
    assert httpx.get(f"{address}/components/door/state").json()["state"] == "Open"
    assert stop(process, number) == (0, "", "")


def test_stops_while_somebody_watches(serve, flow):
    """An open stream of events does not keep the server from ending."""
    process, address = serve(flow)
    with httpx.stream("GET", f"{address}/events", timeout=20) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": events follow"
        code, _, err = stop(process)
        assert (code, err) == (0, "")


SLOW = """
    import asyncio

    from flexiflow import State

    class Slow(State):
        async def handle_message(self, message, component):
            print("asked", flush=True)
            await asyncio.sleep(600)
"""


@pytest.fixture
def slow(write, tmp_path, monkeypatch):
    """A flow that takes its time over a message; it says when it has one."""
    write(SLOW, "slow_states.py")
    monkeypatch.chdir(tmp_path)
    return write("name: c\ninitial_state: 'slow_states:Slow'\n")


class Visitor(threading.Thread):
    """Sends a message and waits for the answer."""

    def __init__(self, address):
        super().__init__()
        self.address = address
        self.reply = None
        self.start()

    def run(self):
        """Sends it."""
        transport = httpx.HTTPTransport(retries=8)  # the server may not be there yet
        with httpx.Client(base_url=self.address, transport=transport, timeout=30) as client:
            self.reply = client.post("/components/c/message", json={"type": "x"})


def test_stops_while_a_message_is_handled(serve, slow):
    """It gets some time; then its sender is told, and the server ends quietly."""
    process, address = serve(slow)
    visitor = Visitor(address)
    assert process.stdout.readline() == "asked\n"
    assert stop(process) == (0, "", "")
    visitor.join()
    assert visitor.reply.status_code == 503
    assert all(visitor.reply.json()[name] for name in ("what", "why", "fix"))


def test_stops_at_once(slow, capsys, tmp_path, monkeypatch):
    """A second Ctrl-C gives no more time, and is as quiet."""
    monkeypatch.setattr(cli_serve, "_GRACE", 600)
    monkeypatch.syspath_prepend(tmp_path)
    asked = threading.Event()
    monkeypatch.setattr("builtins.print", lambda *_, **__: asked.set())
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    visitor = Visitor(address)

    def interrupt():
        asked.wait(30)
        os.kill(os.getpid(), signal.SIGINT)
        with contextlib.suppress(httpx.TransportError):
            while httpx.get(f"{address}/health").status_code == 200:
                pass
        os.kill(os.getpid(), signal.SIGINT)

    hand = threading.Thread(target=interrupt)
    hand.start()
    outcome = call("serve", slow, "--port", port, capsys=capsys)
    hand.join()
    visitor.join()
    sys.modules.pop("slow_states")
    assert outcome == (0, "", f"Serving c on {address}; Ctrl-C ends.\n")
    assert visitor.reply.status_code == 503


@pytest.mark.parametrize("token", ["", "  "])
def test_empty_token(flow, capsys, token):
    """It would let everybody in: an error with a way out."""
    outcome = call("serve", flow, "--token", token, capsys=capsys)
    assert (outcome.code, outcome.out) == (1, "")
    assert "Error: The token is empty\nWhy: " in outcome.err
    assert "Fix: " in outcome.err


def test_empty_token_of_the_environment(serve, flow, monkeypatch):
    """It counts as none."""
    monkeypatch.setenv("FLEXIFLOW_TOKEN", "")
    _, address = serve(flow)
    assert httpx.get(f"{address}/components").status_code == 200


def test_token(serve, flow, monkeypatch):
    """From the command line, or from the environment."""
    _, address = serve(flow, "--token", "one")
    assert httpx.get(f"{address}/components").status_code == 401
    headers = {"authorization": "Bearer one"}
    assert httpx.get(f"{address}/components", headers=headers).status_code == 200
    monkeypatch.setenv("FLEXIFLOW_TOKEN", "two")
    _, address = serve(flow)
    assert httpx.get(f"{address}/components").status_code == 401


def test_state(serve, flow, tmp_path):
    """Every change is stored, and the next server goes on from there."""
    database = tmp_path / "door.db"
    process, address = serve(flow, "--state", database)
    httpx.post(f"{address}/components/door/message", json={"type": "push"})
    rows = httpx.get(f"{address}/components/door/snapshots").json()["snapshots"]
    assert [row["current_state"] for row in rows] == ["Open"]
    stop(process)
    _, address = serve(flow, "--state", database)
    assert httpx.get(f"{address}/components/door/state").json()["state"] == "Open"


def test_closed_output(serve, flow):
    """Where standard output is closed it serves all the same."""
    process, address = serve(flow, close="1")
    assert httpx.get(f"{address}/health").status_code == 200
    assert stop(process)[::2] == (0, "")


def test_other_hosts(serve, flow):
    """Whoever lets others in without a token is warned."""
    process, address = serve(flow, "--host", "0.0.0.0")
    assert address.startswith("http://0.0.0.0:")
    assert "Warning: whoever reaches port" in process.stderr.readline()
    assert stop(process) == (0, "", "")


def test_other_hosts_with_a_token(serve, flow):
    """With one there is nothing to warn of."""
    process, _ = serve(flow, "--host", "0.0.0.0", "--token", "x")
    assert stop(process) == (0, "", "")


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_ipv6(serve, flow):
    """An address of the newer kind."""
    process, address = serve(flow, "--host", "::1")
    assert address.startswith("http://[::1]:")
    assert httpx.get(f"{address}/health").status_code == 200
    assert stop(process) == (0, "", "")


def test_in_this_process(flow, capsys, tmp_path, monkeypatch):
    """The same with everything in sight: a request, a stream, two signals."""
    monkeypatch.delenv("FLEXIFLOW_TOKEN", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    address, seen = f"http://127.0.0.1:{port}", []

    def visit():
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(base_url=address, transport=transport) as client:
            seen.append(client.post("/components/door/message", json={"type": "push"}).json())
            with client.stream("GET", "/events") as stream:
                lines = stream.iter_lines()
                seen.append(next(lines))
                os.kill(os.getpid(), signal.SIGTERM)
                seen.extend(line for line in lines if line)

    visitor = threading.Thread(target=visit)
    visitor.start()
    outcome = call("serve", flow, "--port", port, "--state", tmp_path / "s.db", capsys=capsys)
    visitor.join()
    assert outcome == (0, "", f"Serving door on {address}; Ctrl-C ends.\n")
    assert seen == [{"status": "sent"}, ": events follow"]


def test_port_in_use(flow, capsys):
    """An error with a way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = call("serve", flow, "--port", port, capsys=capsys)
    assert outcome.code == 1
    assert f"Cannot listen on 127.0.0.1, port {port}" in outcome.err
    assert "--port" in outcome.err


@pytest.mark.parametrize("arguments", [("--port", 70_000), ("--host", "no.such.host.invalid")])
def test_impossible_address(flow, capsys, arguments):
    """The same for ports and hosts that do not exist."""
    outcome = call("serve", flow, *arguments, capsys=capsys)
    assert outcome.code == 1
    assert "Cannot listen on" in outcome.err


def test_without_the_extra(flow, capsys, monkeypatch):
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    outcome = call("serve", flow, capsys=capsys)
    assert outcome.code == 1
    assert "pip install 'flexiflow[api]'" in outcome.err


def test_bad_flow(write, capsys):
    """What keeps a flow from loading."""
    outcome = call("serve", write("pack: p\n"), capsys=capsys)
    assert outcome.code == 1
    assert "Missing 'states'" in outcome.err


def test_errors_are_logged(serve, write, tmp_path, monkeypatch):
    """What a state raises goes to standard error, and the client hears of it."""
    write(
        """
        from flexiflow import State

        class Boom(State):
            async def handle_message(self, message, component):
                raise ValueError("boom")
        """,
        "serving_states.py",
    )
    monkeypatch.chdir(tmp_path)
    process, address = serve(write("name: c\ninitial_state: 'serving_states:Boom'\n"))
    reply = httpx.post(f"{address}/components/c/message", content=json.dumps({"type": "x"}),
                       headers={"content-type": "application/json"})  # fmt: skip
    assert reply.status_code == 500
    code, _, err = stop(process)
    assert code == 0
    assert "ValueError: boom" in err
