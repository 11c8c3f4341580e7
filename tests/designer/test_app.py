"""The program from start to end."""

import shutil

import pytest

from designer.app import DesignerApp
from designer.host.resources import resource_path
from designer.host.settings import Settings, ThemeChoice
from tests.helpers.window import WindowDriver


@pytest.fixture
def order(tmp_path):
    """The order flow in a folder of its own."""
    for name in ("order.yaml", "order.pack.yaml"):
        shutil.copy(resource_path(f"examples/{name}"), tmp_path)
    return tmp_path / "order.yaml"


def edit(window):
    """Changes something of the flow that is shown."""
    window.page.scene.select([window.page.document.states[-1].id])
    window.page.view.delete_selected()


def test_closing_the_window_ends_the_program(window):
    """With nothing to save, at once."""
    assert window.close() == 0


def test_closing_while_a_flow_runs_stops_the_run(window, order):
    """Nothing is left of it; the fixtures look."""
    window.open(order)
    window.run()

    assert window.close() == 0


def test_cancel_keeps_the_program_and_everything_in_it(window, order):
    """No flow was closed, nothing was saved."""
    page = window.open(order)
    edit(window)
    window.main.close()
    window.answer("cancel")
    window._bot.waitUntil(lambda: not window.app.tasks.tasks)

    assert window.exit_code is None
    assert window.main.area.pages == (page,)
    assert page.modified


def test_discard_ends_the_program(window, order):
    """The file is as it was."""
    before = order.with_name("order.pack.yaml").read_bytes()
    window.open(order)
    edit(window)
    window.main.close()
    window.answer("discard")

    assert window.wait_for_end() == 0
    assert order.with_name("order.pack.yaml").read_bytes() == before


def test_save_saves_and_ends_the_program(window, order):
    """The question about comments comes between."""
    window.open(order)
    edit(window)
    window.main.close()
    window.answer("save")
    window.answer_banner("overwrite")

    assert window.wait_for_end() == 0
    assert "Cancelled" not in order.with_name("order.pack.yaml").read_text()


def test_asking_twice_to_close_asks_once(window, order):
    """An impatient second click opens no second question."""
    window.open(order)
    edit(window)
    window.main.close()
    window._bot.waitUntil(lambda: window.question is not None)
    window.main.close()
    window.answer("discard")

    assert window.wait_for_end() == 0


def test_the_layout_is_there_at_the_next_start(window, qapp, qtbot):
    """A closed dock stays closed, the window has its size."""
    window.main.docks.dock_for("outline").close()
    window.main.resize(700, 600)
    window.close()

    again = WindowDriver(qapp, qtbot, window._loop, window.settings)
    qtbot.waitUntil(again.main.isVisible)
    docks = {dock.objectName(): dock.isHidden() for dock in again.main.docks.docks}
    size = again.main.size()
    again.finish()

    assert [name for name, hidden in docks.items() if hidden] == ["outline"]
    assert (size.width(), size.height()) == (700, 600)


def test_a_damaged_layout_is_left_aside(window, qapp, qtbot):
    """The window then stands as at the first start."""
    window.close()
    window.settings.layout = b"no layout"
    window.settings.geometry = b"no geometry"

    again = WindowDriver(qapp, qtbot, window._loop, window.settings)
    qtbot.waitUntil(again.main.isVisible)
    hidden = [dock.objectName() for dock in again.main.docks.docks if dock.isHidden()]
    again.finish()

    assert hidden == []


def test_files_of_the_command_line_are_opened(qapp, qtbot, qt_loop, order, tmp_path):
    """Each in a tab; one that is missing is told of."""
    app = DesignerApp(qapp, settings=Settings(tmp_path / "home"), theme=ThemeChoice.LIGHT)
    run = qt_loop.create_task(app.run([order, tmp_path / "missing.yaml"]))
    qtbot.waitUntil(lambda: bool(app.window.banners.banners), timeout=20_000)
    titles = [page.title for page in app.window.area.pages]
    told = app.window.banners.banners[0].notice.what
    app.window.close()
    qtbot.waitUntil(run.done, timeout=20_000)
    qapp.setStyleSheet("")
    qapp.setPalette(qapp.style().standardPalette())

    assert titles == ["order.yaml"]
    assert "missing.yaml" in told
