"""Opening, saving and closing, in the window."""

import shutil

import pytest
from PySide6.QtWidgets import QLineEdit

from designer.commands.states import add_state
from designer.exchange.reader import open_flow
from designer.exchange.writer import same_flow
from designer.host.resources import resource_path
from designer.shell import file_work, saving
from designer.shell.dialogs import files as dialogs

ORDER = resource_path("examples/order.yaml")

PLAIN = """\
pack: door
states:
  Closed:
  Open:
transitions:
- {from: Closed, message: push, to: Open}
layout:
  Closed: [0, 0]
  Open: [240, 0]
"""


@pytest.fixture
def door(tmp_path):
    """A small flow without comments."""
    path = tmp_path / "door.pack.yaml"
    path.write_text(PLAIN)
    return path


@pytest.fixture
def order(tmp_path):
    """The order flow with its comments, in a folder of its own."""
    for name in ("order.yaml", "order.pack.yaml"):
        shutil.copy(resource_path(f"examples/{name}"), tmp_path)
    return tmp_path / "order.yaml"


def choosing(monkeypatch, path):
    """Lets the file dialog answer with this path."""

    async def choose(*_arguments):
        return path

    monkeypatch.setattr(saving, "choose_to_save", choose)


def edit(window, key="Open"):
    """Changes something of the flow that is shown."""
    page = window.page
    page.scene.select([page.document.find_state(key).id])
    page.view.delete_selected()


BAD_FILES = {
    "malformed": b"name: [unclosed",
    "binary": bytes(range(256)) * 40,
    "no flow": b"- just\n- a list\n",
    "empty": b"",
    "problems": b"pack: a\nstates: {S: }\ntransitions: [{from: S, massage: m, to: S}]\n",
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_told_of_and_nothing_is_lost(window, door, tmp_path, content):
    """A banner names the file; the flow that was open is as it was."""
    page = window.open(door)
    edit(window)
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)

    assert window.do(window.main.files.open_path(path)) is None
    assert any("bad.yaml was not opened" in told for told in window.told)
    assert window.main.area.pages == (page,)
    assert page.modified


def test_a_missing_file_is_told_of_and_forgotten(window, tmp_path):
    """It is no longer among the recent ones."""
    path = tmp_path / "gone.yaml"
    window.settings.add_recent_file(path)
    window.do(window.main.files.open_path(path))

    assert any("gone.yaml was not opened" in told for told in window.told)
    assert window.settings.recent_files == ()


def test_a_folder_is_no_flow(window, tmp_path):
    """A directory is told of."""
    window.do(window.main.files.open_path(tmp_path))

    assert any("was not opened" in told for told in window.told)


def test_a_huge_file_is_refused_at_once(window, tmp_path):
    """40 MiB are not read into memory."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    window.do(window.main.files.open_path(path))

    assert any("huge.yaml was not opened" in told for told in window.told)


def test_opening_is_told_as_long_as_it_takes(window, door):
    """The status bar names the file, and is quiet again when it is open."""
    told = []
    window.main.files.progress.connect(told.append)
    window.open(door)

    assert told == ["Opening door.pack.yaml ...", ""]


def test_opening_twice_shows_the_tab(window, door):
    """One file is open once."""
    page = window.open(door)
    window.trigger("file.new")

    assert window.open(door) is page
    assert window.page is page
    assert len(window.main.area.pages) == 2


def test_an_opened_file_is_a_recent_one(window, door):
    """An example is not: it is offered anyway."""
    window.open(door)
    window.open(ORDER)

    assert window.settings.recent_files == (door,)


def test_a_flow_without_places_opens_tidied_and_unmodified(window, order):
    """Every state has a place, and there is nothing to undo or to save."""
    pack = order.with_name("order.pack.yaml")
    pack.write_text(pack.read_text().partition("\nlayout:")[0] + "\n")
    page = window.open(order)

    assert len(page.document.content.positions) == len(page.document.states)
    assert not page.modified
    assert not page.session.undo_stack.canUndo()


def test_saving_writes_what_loads_again(window, door):
    """Modified before, saved afterwards; the file says the same as the canvas."""
    page = window.open(door)
    edit(window)
    assert page.modified

    assert window.do(window.main.files.saving.save(page))
    assert not page.modified
    assert same_flow(open_flow(door).content, page.document.content)


def test_a_new_flow_asks_where_to_go(window, tmp_path, monkeypatch):
    """From then on it belongs to that file."""
    window.trigger("file.new")
    add_state(window.page.session, None, (0.0, 0.0), "Start")
    choosing(monkeypatch, tmp_path / "mine.yaml")

    assert window.do(window.main.files.saving.save(window.page))
    assert window.page.title == "mine.yaml"
    assert window.settings.recent_files == (tmp_path / "mine.yaml",)


def test_giving_up_the_dialog_saves_nothing(window, monkeypatch):
    """Cancel leaves everything as it was."""
    window.trigger("file.new")
    add_state(window.page.session, None, (0.0, 0.0), "Start")
    choosing(monkeypatch, None)

    assert not window.do(window.main.files.saving.save(window.page))
    assert window.page.modified
    assert window.page.path is None


def test_an_example_is_never_overwritten(window, tmp_path, monkeypatch):
    """Saving one asks for another place."""
    page = window.open(ORDER)
    before = ORDER.read_bytes()
    edit(window, "Review")
    choosing(monkeypatch, tmp_path / "copy" / "order.yaml")

    assert window.do(window.main.files.saving.save(page))
    assert ORDER.read_bytes() == before
    assert (tmp_path / "copy" / "order.pack.yaml").is_file()


def test_comments_are_not_lost_without_a_word(window, order):
    """Cancel keeps file and edit; then the person decides."""
    page = window.open(order)
    pack = order.with_name("order.pack.yaml")
    before = pack.read_text()
    edit(window, "Review")
    window.trigger("file.save")
    window.wait_for_banner("comments")
    window.answer_banner("cancel")
    assert pack.read_text() == before
    assert page.modified

    window.trigger("file.save")
    window.wait_for_banner("comments")
    window.answer_banner("overwrite")
    window._bot.waitUntil(lambda: not page.modified)
    assert "#" not in pack.read_text().replace("#b7791f", "")


def test_comments_can_be_kept_by_saving_elsewhere(window, order, tmp_path, monkeypatch):
    """Save as writes the other file and leaves this one."""
    page = window.open(order)
    before = order.with_name("order.pack.yaml").read_text()
    edit(window, "Review")
    choosing(monkeypatch, tmp_path / "new" / "order.yaml")
    window.trigger("file.save")
    window.wait_for_banner("comments")
    window.answer_banner("save_as")
    window._bot.waitUntil(lambda: page.path == tmp_path / "new" / "order.yaml")

    assert order.with_name("order.pack.yaml").read_text() == before


def test_a_disk_that_refuses_is_told_of(window, door):
    """Nothing is lost, the edit is still there."""
    folder = door.parent / "inner"
    folder.mkdir()
    page = window.open(shutil.move(door, folder / door.name))
    edit(window)
    shutil.rmtree(folder)
    folder.write_text("in the way")

    assert not window.do(window.main.files.saving.save(page))
    assert any(told.startswith("Not saved") for told in window.told)
    assert page.modified


def test_a_change_on_disk_is_asked_about(window, door):
    """Reload shows what the other program wrote."""
    page = window.open(door)
    door.write_text(PLAIN.replace("Open", "Ajar"))
    window.wait_for_banner("changed by another program")
    window.answer_banner("reload")
    window._bot.waitUntil(lambda: window.main.page not in (None, page))

    assert window.page.document.find_state("Ajar") is not None
    assert window.main.area.pages == (window.page,)


def test_a_file_that_was_replaced_is_watched_further(window, door):
    """Programs write a new file and rename it; the second time is noticed like the first."""
    page = window.open(door)
    for name in ("Shut", "Locked"):
        other = door.with_name("other")
        other.write_text(PLAIN.replace("Closed", name))
        other.replace(door)
        window.wait_for_banner("changed by another program")
        window.answer_banner("keep")
        window._bot.waitUntil(lambda: not window.main.tasks.tasks)

    assert window.main.area.pages == (page,)


def test_a_file_that_comes_back_is_noticed(window, door):
    """Deleting it asks nothing: saving makes it again. Another file in its place is asked about."""
    window.open(door)
    door.unlink()
    window._bot.waitUntil(lambda: str(door.parent) in window.main.watch._watcher.directories())
    assert window.told == []

    door.write_text(PLAIN.replace("Closed", "Shut"))
    window.wait_for_banner("changed by another program")


def test_keeping_ones_own_overwrites_what_was_seen(window, door):
    """After Keep mine, saving asks no second time."""
    page = window.open(door)
    edit(window)
    door.write_text(PLAIN.replace("Closed", "Shut"))
    window.wait_for_banner("changed by another program")
    window.answer_banner("keep")

    assert window.do(window.main.files.saving.save(page))
    assert "Shut" not in door.read_text()


def test_saving_over_a_change_that_was_not_noticed_asks(window, door):
    """The disk is looked at once more before it is written."""
    page = window.open(door)
    window.main.watch.stop()
    edit(window)
    door.write_text(PLAIN.replace("Closed", "Shut"))
    window.trigger("file.save")
    window.wait_for_banner("Somebody else changed")
    window.answer_banner("cancel")
    assert page.modified

    assert "Shut" in door.read_text()
    window.main.watch.follow(page)


def test_our_own_saving_is_no_change_of_another_program(window, door):
    """No banner appears after a save."""
    page = window.open(door)
    edit(window)
    window.do(window.main.files.saving.save(page))
    window.main.watch._look()
    window._bot.waitUntil(lambda: not window.main.tasks.tasks)

    assert window.told == []


@pytest.mark.parametrize("choice", ["cancel", "discard", "save"])
def test_closing_a_modified_flow_asks(window, door, choice):
    """Cancel keeps it open, Discard forgets the edit, Save writes it."""
    page = window.open(door)
    edit(window)
    window.trigger("file.close")
    window.answer(choice)
    window._bot.waitUntil(lambda: not window.main.tasks.tasks)

    assert (page in window.main.area.pages) is (choice == "cancel")
    assert ("Open" in door.read_text()) is (choice != "save")


def test_escape_is_cancel(window, door):
    """Leaving the question leaves everything."""
    page = window.open(door)
    edit(window)
    window.trigger("file.close")
    window._bot.waitUntil(lambda: window.question is not None)
    window.question.reject()
    window._bot.waitUntil(lambda: not window.main.tasks.tasks)

    assert window.main.area.pages == (page,)
    assert page.modified


def test_the_file_dialogs_open_and_answer(window, door, qtbot):
    """The real dialogs, without a person."""
    task = window._loop.create_task(dialogs.choose_to_open(window.main, door.parent))
    qtbot.waitUntil(lambda: window.main.findChild(dialogs.QFileDialog) is not None)
    dialog = window.main.findChild(dialogs.QFileDialog)
    dialog.findChild(QLineEdit).setText(door.name)
    dialog.accept()
    qtbot.waitUntil(task.done)
    assert task.result() == (door,)

    task = window._loop.create_task(dialogs.choose_to_save(window.main, door.with_name("x.yaml")))
    qtbot.waitUntil(lambda: window.main.findChild(dialogs.QFileDialog) is not None)
    window.main.findChild(dialogs.QFileDialog).reject()
    qtbot.waitUntil(task.done)
    assert task.result() is None


def test_a_chosen_file_is_opened(window, door, monkeypatch, qtbot):
    """Open... asks, and opens what was chosen."""

    async def choose(*_arguments):
        return (door,)

    monkeypatch.setattr(file_work, "choose_to_open", choose)
    window.trigger("file.open")
    qtbot.waitUntil(lambda: window.main.page is not None)

    assert window.page.path == door
