"""Random requests, made from the interface's own description, against a real server."""

import json
import re

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.helpers.cli import start

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FLOW = {
    "pack": "door",
    "context": {"n": 0},
    "states": {"Shut": None, "Open": None},
    "transitions": [
        {"from": "Shut", "message": "push", "to": "Open", "guard": "message.force > context.n"},
        {"from": "Open", "message": "pull", "to": "Shut", "do": [{"set": {"n": "message.n"}}]},
    ],
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A flow that is served, with snapshots."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "door.yaml").write_text(json.dumps(FLOW))
    process = start("serve", folder / "door.yaml", "--port", 0, "--state", folder / "door.db")
    yield re.search(r"on (http://\S+);", process.stderr.readline())[1]
    process.kill()
    process.communicate()


def test_random_requests(address):
    """No request makes the server fail, or answer in a way that it does not describe."""
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json").exclude(path="/events")
    tried = 0
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @settings(
            max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=strategy)
        def send(case):
            if "name" in case.path_parameters and case.method == "POST":
                case.path_parameters["name"] = "door"
            case.call_and_validate(base_url=address, checks=CHECKS, timeout=20)

        send()
        tried += 1
    assert tried == 11
    assert httpx.get(f"{address}/health").json() == {"status": "ok"}
