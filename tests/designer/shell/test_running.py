"""Running a flow in the window."""

import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from designer.canvas.geometry import Side
from designer.commands.states import add_state
from designer.commands.transitions import edit_transition
from designer.document.problems import find_problems
from designer.host.resources import resource_path
from designer.run.controller import RunPhase, Speed

ORDER = resource_path("examples/order.yaml")

LAMP = """\
pack: lamp
states:
  Dark:
  Lit:
transitions:
- {from: Dark, message: press, to: Lit}
- {from: Lit, message: press, to: Dark}
- {from: Lit, message: dim, to: Lit, guard: message.level < 5}
- {from: Lit, after: 2h, to: Dark}
layout:
  Dark: [0, 0]
  Lit: [240, 0]
"""

CODE = """\
pack: caller
states:
  A:
  B:
transitions:
- from: A
  message: go
  to: B
  do:
  - call: noted_code:note
layout:
  A: [0, 0]
  B: [240, 0]
"""

DOOR = """\
pack: door
states:
  Open:
  Shut: {final: true}
transitions:
- {from: Open, message: shut, to: Shut}
layout:
  Open: [0, 0]
  Shut: [300, 0]
"""

ECHO = """\
pack: echo
states:
  Here:
transitions:
- {from: Here, message: go, do: [{send: {type: go}}, {send: {type: go}}]}
"""


def opened(window, tmp_path, text):
    """A pack, opened from a file of its name."""
    path = tmp_path / f"{text.split()[1]}.pack.yaml"
    path.write_text(text)
    page = window.open(path)
    page.scene.animations = False
    return page


@pytest.fixture
def lamp(window, tmp_path):
    """A lamp, opened."""
    return opened(window, tmp_path, LAMP)


@pytest.fixture
def caller(window, tmp_path, monkeypatch):
    """A flow that calls Python code of its folder, opened; the code notes each call in a file."""
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "caller.pack.yaml").write_text(CODE)
    (folder / "noted_code.py").write_text(
        "from pathlib import Path\n"
        "Path(__file__).with_name('imported').write_text('yes')\n"
        "def note(component, message):\n"
        "    Path(__file__).with_name('called').write_text('yes')\n"
    )
    monkeypatch.syspath_prepend(str(folder))
    return window.open(folder / "caller.pack.yaml")


def state_id(page, key):
    """The id of a state."""
    return page.document.find_state(key).id


def wait_for_state(window, page, key):
    """Waits until the canvas shows that state as active."""
    window._bot.waitUntil(lambda: page.showing.active == state_id(page, key))


def test_a_run_shows_where_it_is(window, lamp):
    """The initial state is active, on the canvas and in the Outline."""
    window.trigger("run.start")
    wait_for_state(window, lamp, "Dark")

    assert window.main.outline._delegate.active == state_id(lamp, "Dark")
    assert lamp.run.phase is RunPhase.RUNNING


def test_a_message_moves_it(window, lamp):
    """The transition just taken, the visits and what is possible now are shown."""
    window.run()
    lamp.run.send({"type": "press"})
    wait_for_state(window, lamp, "Lit")
    overlay = lamp.showing.overlay
    first, second, dim, _timer = (item.id for item in lamp.document.transitions)

    assert overlay.taken == first
    assert overlay.visits[state_id(lamp, "Lit")] == 1
    assert overlay.possible == {second, dim}


def test_clicking_a_possible_transition_sends_its_message(window, lamp):
    """When nothing reads the message, at once."""
    window.run()
    wait_for_state(window, lamp, "Dark")
    press = lamp.document.transitions[0].id
    lamp.scene.message_clicked.emit(press)

    wait_for_state(window, lamp, "Lit")
    assert lamp.showing.overlay.taken == press


def test_a_message_that_needs_fields_is_composed_first(window, lamp):
    """The Messages dock comes to the front, with the type and the fields that are read."""
    window.run()
    lamp.run.send({"type": "press"})
    wait_for_state(window, lamp, "Lit")
    lamp.scene.message_clicked.emit(lamp.document.transitions[2].id)
    dock = window.main.messages

    assert not dock.visibleRegion().isEmpty()
    assert dock.form.type.currentText() == "dim"
    assert "level" in [label.text() for label in dock.findChildren(QLabel)]


def test_pause_holds_and_step_lets_one_through(window, lamp):
    """Messages wait while the flow is held."""
    window.run()
    window.trigger("run.pause")
    assert window.action("run.pause").isChecked()
    assert window.action("run.pause").iconText() == "Resume"

    for _ in range(3):
        lamp.run.send({"type": "press"})
    window.trigger("run.step")
    wait_for_state(window, lamp, "Lit")
    assert lamp.run.phase is RunPhase.PAUSED

    window.trigger("run.pause")
    window._bot.waitUntil(lambda: lamp.run.phase is RunPhase.RUNNING)
    window._bot.waitUntil(lambda: lamp.showing.overlay.visits[state_id(lamp, "Lit")] == 2)


def test_messages_that_wait_are_told(window, lamp):
    """Else it looks as if nothing had been sent; until there are none."""

    def told():
        return "messages wait" in window.main.status.run_text

    window.run()
    window.trigger("run.pause")
    assert not told()
    for _ in range(2):
        lamp.run.send({"type": "press"})
    window._bot.waitUntil(told)

    window.trigger("run.step")
    wait_for_state(window, lamp, "Lit")
    assert told()

    window.trigger("run.step")
    wait_for_state(window, lamp, "Dark")
    window._bot.waitUntil(lambda: not told())
    window.trigger("run.pause")
    assert "running" in window.main.status.run_text


def test_a_flow_without_a_state_is_not_run(window):
    """The engine would start one of its own, which nobody sees; a state is all it takes."""
    window.trigger("file.new")
    window.trigger("run.start")
    window._bot.waitUntil(lambda: "Nothing to run yet" in window.told)
    assert window.page.run.phase is RunPhase.IDLE

    add_state(window.page.session, None, (0, 0))
    window.run()

    assert window.page.run.state_key == "State1"
    assert window.told == []


def test_stop_clears_the_canvas(window, lamp):
    """Nothing is active any more."""
    window.run()
    wait_for_state(window, lamp, "Dark")
    window.trigger("run.stop")
    window._bot.waitUntil(lambda: lamp.run.phase is RunPhase.IDLE)

    assert lamp.showing.active is None
    assert not window.action("run.stop").isEnabled()
    assert window.action("run.start").iconText() == "Run"


def test_run_restarts_what_runs(window, lamp):
    """The button says so, and the flow starts in its initial state again."""
    window.run()
    lamp.run.send({"type": "press"})
    wait_for_state(window, lamp, "Lit")
    assert window.action("run.start").iconText() == "Restart"

    window.trigger("run.start")
    wait_for_state(window, lamp, "Dark")


def test_snapshots_are_stored_beside_the_flow(window, lamp, tmp_path):
    """Every change of state is in the database."""
    window.run()
    lamp.run.send({"type": "press"})
    wait_for_state(window, lamp, "Lit")
    window.do(lamp.run.stop())
    with closing(sqlite3.connect(tmp_path / "lamp.snapshots.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM flexiflow_snapshots").fetchone()
    connection.close()

    assert count >= 1


def test_nothing_is_written_beside_an_example(window):
    """Its snapshots go where the user's data is."""
    page = window.open(ORDER)
    window.run()

    assert page.run.store.path is not None
    assert page.run.store.path.parent != ORDER.parent


def test_editing_goes_on_and_offers_a_restart(window, lamp):
    """The run keeps what it started with until the person restarts it."""
    window.run()
    wait_for_state(window, lamp, "Dark")
    edit_transition(lamp.session, lamp.document.transitions[0].id, message="switch")
    window.wait_for_banner("goes on with the flow as it was")
    lamp.run.send({"type": "press"})
    wait_for_state(window, lamp, "Lit")
    assert lamp.showing.differs

    window.answer_banner("restart")
    wait_for_state(window, lamp, "Dark")
    lamp.run.send({"type": "switch"})
    wait_for_state(window, lamp, "Lit")
    assert not lamp.showing.differs


def test_taking_the_edit_back_takes_the_offer_back(window, lamp):
    """The canvas says again what runs."""
    window.run()
    edit_transition(lamp.session, lamp.document.transitions[0].id, message="switch")
    window.wait_for_banner("goes on with the flow as it was")
    window.trigger("edit.undo")

    window._bot.waitUntil(lambda: window.told == [])


def test_moving_a_state_while_it_runs_asks_nothing(window, lamp):
    """Where it is drawn does not matter to the run."""
    window.run()
    wait_for_state(window, lamp, "Dark")
    lamp.view.select_all()
    window.canvas.focus()
    window._bot.keyClick(lamp.view, Qt.Key.Key_Right)
    window._bot.waitUntil(lambda: not lamp.showing._compare.isActive())

    assert lamp.modified
    assert window.told == []


def test_a_flow_that_cannot_run_says_why(window, tmp_path):
    """A transition out of a final state can be drawn; running it says what to do about it."""
    page = opened(window, tmp_path, DOOR)
    window.canvas.connect("Shut", "Open", Side.TOP)
    window.canvas.enter("reopen")
    window.trigger("run.start")
    banner = window.wait_for_banner("The run failed")

    assert "State 'Shut' is final, but a transition leaves it" in banner.notice.what
    assert banner.notice.why
    assert banner.notice.fix.startswith("Remove the transition")
    assert page.run.phase is RunPhase.IDLE
    assert "F106" in [problem.code for problem in find_problems(page.document.content)]


def test_a_flow_that_never_ends_says_so(window, tmp_path, monkeypatch):
    """In the event log, at the action that sends one too many; the run lives on."""
    monkeypatch.setattr("flexiflow.waiting.MAX_SET_OFF", 50)
    page = opened(window, tmp_path, ECHO)
    window.run()
    page.run.send({"type": "go"})
    window.do(page.run.idle())
    failed = [row for row in page.run.log.rows_since() if row.event == "action.failed"]

    assert failed
    assert all(row.level == "error" for row in failed)
    assert failed[0].summary.endswith("Too many messages for component 'echo'")
    assert "Traceback" not in failed[0].summary
    assert page.run.phase is RunPhase.RUNNING


def test_code_needs_trust(window, caller):
    """Nothing is imported until the person trusts the folder."""
    window.trigger("run.start")
    window.wait_for_banner("names Python code")
    assert caller.run.phase is RunPhase.IDLE
    assert not caller.path.with_name("imported").exists()

    window.answer_banner("trust")
    wait_for_state(window, caller, "A")
    caller.run.send({"type": "go"})
    wait_for_state(window, caller, "B")

    assert caller.path.with_name("called").exists()
    assert window.action("flow.trust").isChecked()


def test_trust_can_be_refused(window, caller):
    """Dismissing the banner runs nothing."""
    window.trigger("run.start")
    window.wait_for_banner("names Python code").dismiss()
    window._bot.waitUntil(lambda: not window.main.tasks.tasks)

    assert caller.run.phase is RunPhase.IDLE
    assert not caller.path.with_name("imported").exists()


def test_trust_can_be_taken_back(window, caller):
    """From the menu; the next run asks again."""
    window.main.services.trust.trust(caller.base_dir)
    window.main.available.refresh()
    window.trigger("flow.trust")
    assert not window.main.services.trust.is_trusted(caller.base_dir)

    window.trigger("run.start")
    window.wait_for_banner("names Python code")


def test_speed_can_be_changed_while_it_runs(window, lamp):
    """In the menu, the toolbar follows; as fast as possible, a timer takes no time."""
    window.run()
    lamp.run.send({"type": "press"})
    wait_for_state(window, lamp, "Lit")
    window.trigger("speed.max")

    assert window.main.runs.speed is Speed.FASTEST
    wait_for_state(window, lamp, "Dark")


def test_two_flows_run_side_by_side(window, lamp):
    """Each page has its own run; the actions are those of the one in front."""
    window.run()
    window.open(ORDER)
    assert not window.action("run.stop").isEnabled()

    window.run()
    window.trigger("view.previous_tab")
    assert window.action("run.stop").isEnabled()
    assert [page.run.phase for page in window.main.area.pages] == [RunPhase.RUNNING] * 2


def test_a_row_of_the_log_shows_its_state(window, lamp):
    """Choosing it selects the state on the canvas."""
    window.run()
    lamp.run.send({"type": "press"})
    wait_for_state(window, lamp, "Lit")
    rows = lamp.run.log.rows_since()
    changed = next(row for row in rows if row.event == "state.changed")
    window.main.event_log.row_chosen.emit(changed)

    assert lamp.scene.selected_ids() == (state_id(lamp, changed.state),)


def test_the_status_bar_follows_the_run(window, lamp):
    """State, time and events on the left."""
    window.run()
    wait_for_state(window, lamp, "Dark")
    words = window.main.status._run

    window._bot.waitUntil(lambda: "Dark" in words.text() and "running 00:0" in words.text())
    window.do(lamp.run.stop())
    assert words.text() == ""
