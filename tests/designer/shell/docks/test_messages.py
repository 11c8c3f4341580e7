"""The Messages dock: messages are composed and sent to the running flow."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.host.theme import LIGHT
from designer.shell.docks.message_form import MessageForm
from designer.shell.docks.messages import MessagesDock
from tests.helpers.docked import docked, start, until
from tests.helpers.runs import flow_in, order_flow

SWITCH = {"type": "switch", "level": 5}


@pytest.fixture
def dock(qapp):
    """The dock alone."""
    dock = MessagesDock(LIGHT)
    yield dock
    dock.close()
    dock.deleteLater()


def chips(dock):
    """The types that have a button."""
    return [button.text() for button in dock.chips.buttons]


def types(dock):
    """The types offered, best first."""
    return [dock.form.type.itemText(place) for place in range(dock.form.type.count())]


def received(page):
    """The messages the run has received."""
    return [
        row.payload["message"]
        for row in page.run.log.rows_since()
        if row.event == "component.message.received"
    ]


def fill(dock, kind, content="", fields="", **values):
    """Types a message into the form."""
    dock.form.type.setEditText(kind)
    dock.form.content.setText(content)
    dock.form.fields.setPlainText(fields)
    for name, text in values.items():
        dock.form.row_for(name).setText(text)


def key(widget, which, modifiers=Qt.KeyboardModifier.NoModifier):
    """A key on a field."""
    QTest.keyClick(widget, which, modifiers)


async def in_state(dock, page, state):
    """Waits until the dock shows that state."""
    await until(lambda: dock._state == state, page.run.frame)


def test_without_a_flow_it_says_what_it_is_for(dock):
    """And what to do first."""
    assert "Open a flow, then start a run (F5)" in dock._empty.text()


async def test_without_a_run_it_says_what_to_do(dock, tmp_path):
    """Before and after one."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        assert dock._empty.isVisible()
        assert dock._empty.text() == "Start a run (F5) to send messages."
        await start(page)
        assert not dock._empty.isVisible()
        await page.run.stop()
        assert dock._empty.isVisible()


async def test_the_active_state_offers_what_it_takes(dock, tmp_path):
    """As buttons, and first in the list of all types."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        assert chips(dock) == ["switch"]
        assert types(dock) == ["switch", "dim", "hit"]
        assert dock.chips._label.text() == "Dark takes"

        page.run.send(SWITCH)
        await in_state(dock, page, "Lit")
        assert chips(dock) == ["switch", "dim", "hit"]

        page.run.send({"type": "hit"})
        await in_state(dock, page, "Broken")
        assert chips(dock) == []
        assert dock.chips._label.text() == "Broken takes no message"
        assert types(dock) == ["dim", "hit", "switch"]


async def test_a_button_sends_what_needs_nothing_else(dock, tmp_path):
    """At once."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        page.run.send(SWITCH)
        await in_state(dock, page, "Lit")
        dock.chips.buttons[2].click()
        await in_state(dock, page, "Broken")

        assert received(page)[-1] == {"type": "hit"}


async def test_a_button_begins_what_needs_more(dock, tmp_path):
    """The cursor goes to the field."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        dock.activateWindow()
        dock.chips.buttons[0].click()

        assert dock.form.type.currentText() == "switch"
        assert dock.form.rows == ("level",)
        assert dock.focusWidget() is dock.form.row_for("level")
        assert received(page) == []


async def test_the_fields_the_flow_reads_have_rows(dock, tmp_path):
    """Of the transitions that are possible now, or else of all."""
    async with docked(dock, order_flow(), tmp_path / "order.yaml") as page:
        await start(page)
        dock.form.type.setEditText("add_item")
        assert dock.form.rows == ("price",)
        dock.form.type.setEditText("payment_ok")
        assert dock.form.rows == ("amount",)
        dock.form.type.setEditText("pay")
        assert dock.form.rows == ()
        dock.form.type.setEditText("unheard of")
        assert dock.form.rows == ()


def test_tab_goes_through_the_form_from_top_to_bottom(qtbot):
    """The rows of fields too, although they come and go."""
    form = MessageForm()
    qtbot.addWidget(form)
    for names in (("old",), ("amount", "currency")):
        form.set_rows(names)
    form.show()
    qtbot.waitExposed(form)
    form.content.setFocus()

    seen = []
    for _ in range(5):
        key(form.focusWidget(), Qt.Key.Key_Tab)
        seen.append(form.focusWidget())

    rows = [form.row_for("amount"), form.row_for("currency")]
    assert seen == [*rows, form.count, form.send, form.fields]


async def test_enter_sends_the_message(dock, tmp_path):
    """With all its fields."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        fill(dock, "switch", "now", "colors: [red]", level="7")
        key(dock.form.row_for("level"), Qt.Key.Key_Return)
        await page.run.idle()

        assert received(page) == [
            {"type": "switch", "content": "now", "level": 7, "colors": ["red"]}
        ]
        assert page.run.state_key == "Lit"


async def test_every_field_sends(dock, tmp_path):
    """Enter in a line, Ctrl+Enter in the YAML, the button."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        fill(dock, "sing")
        key(dock.form.type, Qt.Key.Key_Return)
        key(dock.form.content, Qt.Key.Key_Enter)
        key(dock.form.fields, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        dock.form.send.click()
        await page.run.idle()

        assert received(page) == [{"type": "sing"}] * 4


async def test_what_is_wrong_is_said_beneath(dock, tmp_path):
    """As one types; it is not sent."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        fill(dock, "switch", fields="a: [")
        assert dock.form.fault.isVisible()
        assert "Invalid YAML" in dock.form.fault.text()
        assert dock.form.fields.property("invalid")

        dock.form.send.click()
        await page.run.idle()
        assert received(page) == []

        dock.form.fields.setPlainText("a: []")
        assert not dock.form.fault.isVisible()
        assert not dock.form.fields.property("invalid")


async def test_a_message_needs_a_type(dock, tmp_path):
    """The cursor goes there."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        dock.activateWindow()
        fill(dock, " ")
        assert not dock.form.fault.isVisible()
        dock.form.send.click()

        assert "type the message's type" in dock.form.fault.text()
        assert dock.focusWidget() is dock.form.type
        assert received(page) == []


async def test_a_long_text_is_checked_when_it_is_sent(dock, tmp_path):
    """Not at every letter."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        fill(dock, "sing", fields="a: [" + "x, " * 10_000)
        assert not dock.form.fault.isVisible()
        dock.form.send.click()

        assert dock.form.fault.isVisible()


async def test_a_message_can_be_sent_many_times(dock, tmp_path):
    """As fast as possible; the history has it once."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        fill(dock, "switch", level="3")
        dock.form.count.setValue(101)
        dock.form.send.click()
        await page.run.idle()

        assert received(page) == [{"type": "switch", "level": 3}] * 101
        assert page.run.state_key == "Lit"
        assert dock.sent.count() == 1


async def test_the_arrow_keys_bring_messages_back(dock, tmp_path):
    """Older with Up, newer with Down."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        fill(dock, "switch", level="3")
        dock.form.submit()
        fill(dock, "sing", "loud", "song: x")
        dock.form.submit()
        fill(dock, "")
        field = dock.form.type
        key(field, Qt.Key.Key_Up)
        assert dock.form.draft.type == "sing"
        assert (dock.form.draft.content, dock.form.draft.fields) == ("loud", "song: x\n")
        key(dock.form.content, Qt.Key.Key_Up)
        assert dock.form.draft.values == {"level": "3"}
        assert dock.form.draft.content == ""
        key(field, Qt.Key.Key_Up)
        assert dock.form.draft.type == "switch"
        key(field, Qt.Key.Key_Down)
        assert dock.form.draft.type == "sing"
        await page.run.idle()


async def test_a_sent_message_is_put_back_from_the_list(dock, tmp_path):
    """By Enter, as by a double click."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        for kind in ("sing", "dance"):
            fill(dock, kind)
            dock.form.submit()
        assert [dock.sent.item(row).text() for row in range(2)] == ["dance", "sing"]

        dock.sent.setCurrentRow(1)
        key(dock.sent, Qt.Key.Key_Return)
        assert dock.form.type.currentText() == "sing"
        await page.run.idle()


async def test_the_list_of_sent_messages_is_bounded(dock, tmp_path):
    """The oldest go."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        for number in range(60):
            fill(dock, f"sing{number}")
            dock.form.submit()
        await page.run.idle()

        assert dock.sent.count() == 50
        assert dock.sent.item(0).text() == "sing59"


async def test_a_click_on_the_canvas_begins_a_message(dock, tmp_path):
    """With rows for the fields that are missing."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        dock.activateWindow()
        page.message_wanted.emit("switch", ("level",))

        assert dock.form.type.currentText() == "switch"
        assert dock.focusWidget() is dock.form.row_for("level")
        dock.focus_form()
        assert dock.focusWidget() is dock.form.type


async def test_a_field_that_stays_keeps_its_text(dock, tmp_path):
    """When another type reads it too."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        fill(dock, "switch", level="3")
        dock.form.type.setEditText("dim")
        assert dock.form.rows == ("level",)
        assert dock.form.row_for("level").text() == "3"


async def test_a_second_run_begins_afresh(dock, tmp_path):
    """In its first state, with the flow as it is then."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        page.run.send(SWITCH)
        await in_state(dock, page, "Lit")
        await page.run.stop()
        dock._send({"type": "sing"}, 1)
        await start(page)

        assert chips(dock) == ["switch"]
        assert received(page) == []


async def test_everything_has_a_name_and_can_be_reached_by_keys(dock, tmp_path):
    """For people who do not see it, or do not use a mouse."""
    async with docked(dock, flow_in(tmp_path), tmp_path / "lamp.yaml") as page:
        await start(page)
        form = dock.form
        for part in (
            *dock.chips.buttons,
            form.type,
            form.content,
            form.fields,
            form.count,
            form.send,
            dock.sent,
        ):
            assert part.accessibleName() or part.text()
            assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
