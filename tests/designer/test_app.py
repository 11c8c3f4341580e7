"""The program from start to end."""

import shutil

import pytest

from designer.host.resources import resource_path

ORDER = resource_path("examples/order.yaml")


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


def test_the_layout_is_there_at_the_next_start(window, qapp):
    """A closed dock stays closed."""
    window.main.docks.dock_for("outline").close()
    window.main.resize(1000, 700)
    window.close()

    assert window.settings.layout
    assert window.settings.geometry
