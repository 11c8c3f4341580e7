"""The child process that lays out: its answers, its limits, its end."""

import multiprocessing
import os
import signal
import time

import pytest

from designer.document import layout_process
from designer.document.layout import EdgeSpec, LayoutRequest, NodeBox, layered_layout
from designer.document.layout_process import LayoutProcess, tidy, tidy_async

REQUEST = LayoutRequest(
    nodes=(NodeBox("a", 145, 45), NodeBox("b", 145, 45), NodeBox("c", 145, 45)),
    edges=(EdgeSpec("t", "a", "b", 60, 18), EdgeSpec("u", "b", "c", 60, 18)),
    initial="a",
)


def hang(request, judge):
    while True:
        time.sleep(60)


def die(request, judge):
    os.kill(os.getpid(), signal.SIGKILL)


def answer(request, judge):
    return {"a": (0.0, 0.0)}


@pytest.fixture(autouse=True)
def no_child_left():
    yield
    layout_process.close()
    assert multiprocessing.active_children() == []


def test_a_flow_is_laid_out_in_the_child():
    """Every state gets a centre."""
    assert set(tidy(REQUEST)) == {"a", "b", "c"}
    assert len(multiprocessing.active_children()) == 1


def test_the_child_is_kept_for_the_next_request():
    """Only the first request waits for a start."""
    process = LayoutProcess(answer)
    process.solve(REQUEST)
    first = multiprocessing.active_children()
    process.solve(REQUEST)
    assert multiprocessing.active_children() == first
    process.close()


def test_a_hanging_layout_is_killed(monkeypatch):
    """After the time limit the simple layout steps in and no process is left."""
    monkeypatch.setattr(layout_process, "_process", LayoutProcess(hang))
    assert tidy(REQUEST, timeout=0.05) == layered_layout(REQUEST)
    assert multiprocessing.active_children() == []


def test_a_dying_child_costs_only_the_tidy_layout(monkeypatch):
    """The simple layout steps in for a crash, each time anew."""
    monkeypatch.setattr(layout_process, "_process", LayoutProcess(die))
    assert tidy(REQUEST) == layered_layout(REQUEST)
    assert tidy(REQUEST) == layered_layout(REQUEST)


def test_a_killed_child_is_replaced():
    """A child killed between two requests is noticed."""
    process = LayoutProcess(answer)
    process.solve(REQUEST)
    child = multiprocessing.active_children()[0]
    child.kill()
    child.join()
    assert process.solve(REQUEST) == {"a": (0.0, 0.0)}
    process.close()


def test_very_large_flows_stay_here():
    """Above a thousand states no child is asked."""
    nodes = tuple(NodeBox(f"s{index}", 145, 45) for index in range(1001))
    assert len(tidy(LayoutRequest(nodes, ()))) == 1001
    assert multiprocessing.active_children() == []


async def test_the_event_loop_is_not_held():
    """The same answer, waited for beside the loop."""
    assert set(await tidy_async(REQUEST)) == {"a", "b", "c"}
