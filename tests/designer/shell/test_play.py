"""A scenario played in the window, without a person."""

import json
from functools import partial

import pytest
from PySide6.QtGui import QImage

from designer.app import DesignerApp
from designer.host.resources import resource_path
from designer.host.settings import Settings, ThemeChoice
from designer.host.theme import DARK
from designer.shell.play import PlayOptions, play_in_window

ORDER = resource_path("examples/order.yaml")
SCENARIO = resource_path("examples/order.scenario.yaml")


@pytest.fixture
def perform(qapp, qtbot, qt_loop, tmp_path):
    """Plays to the end and returns the exit code."""

    def perform(options):
        app = DesignerApp(qapp, settings=Settings(tmp_path / "home"), theme=ThemeChoice.DARK)
        run = app.run(performance=partial(play_in_window, options))
        task = qt_loop.create_task(run)
        qtbot.waitUntil(task.done, timeout=20_000)
        return task.result()

    yield perform
    qapp.setStyleSheet("")
    qapp.setPalette(qapp.style().standardPalette())


def test_the_picture_shows_the_flow_while_it_runs(perform, tmp_path):
    """The active state is green in it."""
    picture = tmp_path / "a.png"
    assert perform(PlayOptions(ORDER, SCENARIO, screenshot=picture, size=(1000, 700))) == 0

    image = QImage(str(picture))
    colors = {image.pixelColor(x, y).rgb() for x in range(0, 1000, 2) for y in range(0, 700, 2)}
    assert image.width() == 1000
    assert DARK.ok_soft.rgb() in colors


def test_events_and_snapshots_are_kept(perform, tmp_path):
    """Every event is a line."""
    events, snapshots = tmp_path / "a.jsonl", tmp_path / "a.db"
    assert perform(PlayOptions(None, SCENARIO, events=events, snapshots=snapshots)) == 0

    rows = [json.loads(line) for line in events.read_text().splitlines()]
    assert rows[-1]["summary"].endswith("Delivered")
    assert snapshots.is_file()


def test_a_difference_is_said(perform, tmp_path, capsys):
    """The exit code is 1, the line of the step is named."""
    scenario = tmp_path / "a.scenario.yaml"
    scenario.write_text("scenario: a\nsteps:\n- send: nothing\n- expect: {state: Paid}\n")
    assert perform(PlayOptions(ORDER, scenario)) == 1

    said = capsys.readouterr().err
    assert "Paid" in said
    assert "Cart" in said


def test_without_a_flow_there_is_nothing_to_play(perform, tmp_path, capsys):
    """The scenario does not name one either."""
    scenario = tmp_path / "a.scenario.yaml"
    scenario.write_text("scenario: a\nsteps: []\n")
    assert perform(PlayOptions(None, scenario)) == 1

    assert "No flow is named" in capsys.readouterr().err


def test_code_needs_a_trusted_folder(perform, tmp_path, capsys):
    """Nobody is there to be asked."""
    flow = tmp_path / "a.pack.yaml"
    flow.write_text("pack: a\nstates:\n  S: {entry: [{call: 'os:getcwd'}]}\nlayout: {S: [0, 0]}\n")
    assert perform(PlayOptions(flow, SCENARIO)) == 1

    assert "os:getcwd" in capsys.readouterr().err


def test_a_picture_needs_a_place(perform, tmp_path, capsys):
    """A folder that is not there is named."""
    assert perform(PlayOptions(ORDER, SCENARIO, screenshot=tmp_path / "no" / "a.png")) == 1

    assert "a.png" in capsys.readouterr().err
