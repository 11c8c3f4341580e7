"""The Properties dock: what is typed is checked, committed and undone with the flow."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from designer.commands import elements, flow, states, transitions
from designer.document.elements import Pack, PackOrigin
from designer.host.theme import DARK, LIGHT
from designer.shell.docks.properties import PropertiesDock
from designer.shell.panels.actions import ActionsPanel
from designer.shell.panels.choices import EndsPanel, StartPanel
from designer.shell.panels.descriptions import DescriptionPanel, PackDescriptionPanel
from designer.shell.panels.flags import FinalPanel, InitialPanel
from designer.shell.panels.guard import GuardPanel
from designer.shell.panels.mappings import FlowContextPanel, GuardsPanel, PackContextPanel
from designer.shell.panels.names import FlowNamePanel, KeyPanel, PackNamePanel
from designer.shell.panels.order import OrderPanel
from designer.shell.panels.trigger import TriggerPanel
from flexiflow.pack_records import CallAction, SetAction
from tests.helpers.contents import content_of, order_like, pack_content_of
from tests.helpers.page_double import PageDouble


class Desk:
    """A dock bound to a page, and hands to type with."""

    def __init__(self, page: PageDouble, dock: PropertiesDock) -> None:
        self.page, self.dock = page, dock
        self.session, self.document = page.session, page.document
        self.stack = page.session.undo_stack

    def select(self, *ids: str) -> None:
        self.page.scene.select(ids)

    def panel(self, kind, number: int = 0):
        found = [panel for panel in self.dock.form.panels if isinstance(panel, kind)]
        return found[number]

    def kinds(self) -> list[str]:
        return [type(panel).__name__ for panel in self.dock.form.panels]

    def write(self, panel, text: str) -> None:
        """Replaces the text of a field, key by key."""
        editor = panel.field.editor
        editor.setFocus()
        editor.selectAll()
        QTest.keyClick(editor, Qt.Key.Key_Delete)
        for line, part in enumerate(text.split("\n")):
            if line:
                QTest.keyClick(editor, Qt.Key.Key_Return)
            QTest.keyClicks(editor, part)

    def press(self, panel, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(panel.field.editor, key, modifiers)


@pytest.fixture
def desk_for(qtbot):
    """Makes a desk for a content; lets go of everything in the end."""
    made = []

    def make(content) -> Desk:
        page, dock = PageDouble(content), PropertiesDock(LIGHT)
        qtbot.addWidget(dock)
        dock.resize(300, 700)
        dock.bind(page.as_page())
        dock.show()
        qtbot.waitExposed(dock)
        dock.activateWindow()
        made.append((page, dock))
        return Desk(page, dock)

    yield make
    for page, dock in made:
        dock.bind(None)
        page.dispose()


@pytest.fixture
def desk(desk_for) -> Desk:
    return desk_for(order_like())


# -- which form ----------------------------------------------------------------------------


def test_each_selection_has_its_form(desk):
    """Nothing is the flow; several have what they share."""
    assert desk.dock._title._label.text() == "Flow"
    assert desk.kinds() == [
        "FlowNamePanel",
        "StartPanel",
        "FlowContextPanel",
        "PackDescriptionPanel",
        "GuardsPanel",
        "PackContextPanel",
    ]
    desk.select("s-Cart")
    assert desk.dock.form.heading == "State"
    assert desk.kinds() == [
        "KeyPanel",
        "DescriptionPanel",
        "FinalPanel",
        "InitialPanel",
        "ActionsPanel",
        "ActionsPanel",
    ]
    desk.select("t-1")
    assert desk.dock.form.heading == "Transition"
    assert desk.kinds() == [
        "EndsPanel",
        "TriggerPanel",
        "GuardPanel",
        "DescriptionPanel",
        "ActionsPanel",
        "OrderPanel",
    ]
    desk.select("s-Cart", "s-Paid")
    assert desk.dock.form.heading == "2 states"
    assert desk.kinds() == ["DescriptionPanel", "FinalPanel"]
    desk.select("t-0", "t-1")
    assert desk.dock.form.heading == "2 transitions"
    assert desk.kinds() == ["TriggerPanel", "GuardPanel", "DescriptionPanel"]
    desk.select("t-0", "s-Cart")
    assert desk.dock.form.heading == "1 state, 1 transition"
    assert desk.kinds() == ["DescriptionPanel"]


def test_without_a_flow_it_says_what_it_is_for(desk):
    """And forgets the form."""
    desk.dock.bind(None)
    assert desk.dock.form is None
    assert desk.dock.area.widget() is None
    desk.dock.commit()


def test_a_pack_by_itself_has_no_context_of_a_component(desk_for):
    """Its own is the one it starts with."""
    desk = desk_for(pack_content_of("A B"))
    assert desk.kinds() == [
        "FlowNamePanel",
        "StartPanel",
        "PackDescriptionPanel",
        "GuardsPanel",
        "PackContextPanel",
    ]


def test_a_state_of_the_engine_is_shown_and_not_edited(desk_for):
    """Only that the flow starts there can be changed."""
    content = content_of("Cart InitialState", [("Cart", "go", "InitialState")])
    builtin = Pack(id="p-b", name="builtin", origin=PackOrigin.BUILTIN)
    state = replace(content.states[1], pack="p-b")
    packs, own = (*content.packs, builtin), (content.states[0], state)
    desk = desk_for(replace(content, packs=packs, states=own))
    desk.select("s-InitialState")
    assert desk.kinds() == ["InitialPanel"]
    words = [label.text() for label in desk.dock.form.findChildren(QLabel)]
    assert any("the engine's own states" in text for text in words)
    desk.select("s-InitialState", "s-Cart")
    assert desk.kinds() == []


def test_every_field_is_named_and_has_a_label(desk):
    """For screen readers, and for Alt+letter people."""
    for ids in ((), ("s-Cart",), ("t-1",), ("s-Cart", "t-1")):
        desk.select(*ids)
        for widget in desk.dock.form.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled():
                assert widget.accessibleName() or getattr(widget, "text", str)(), widget
        buddies = {label.buddy() for label in desk.dock.form.findChildren(QLabel)}
        for editor in desk.dock.form.findChildren(QLineEdit):
            assert editor in buddies or editor.parent().__class__.__name__ == "StateChoice"


# -- typing --------------------------------------------------------------------------------


def test_enter_commits_what_was_typed(desk):
    """One step, and the field shows it."""
    desk.select("s-Cart")
    panel = desk.panel(KeyPanel)
    desk.write(panel, "Basket")
    assert desk.document.state_for("s-Cart").key == "Cart"
    desk.press(panel, Qt.Key.Key_Return)
    assert desk.document.state_for("s-Cart").key == "Basket"
    assert desk.stack.count() == 1
    desk.press(panel, Qt.Key.Key_Return)
    assert desk.stack.count() == 1


def test_leaving_the_field_commits_what_was_typed(desk):
    """With Tab, and with a click elsewhere."""
    desk.select("s-Cart")
    desk.write(desk.panel(DescriptionPanel), "The customer chooses.")
    desk.press(desk.panel(DescriptionPanel), Qt.Key.Key_Tab)
    assert desk.document.state_for("s-Cart").description == "The customer chooses."


def test_another_selection_commits_what_was_typed(desk):
    """It belongs to the element it was typed for."""
    desk.select("s-Cart")
    desk.write(desk.panel(DescriptionPanel), "Choosing")
    desk.select("s-Paid")
    assert desk.document.state_for("s-Cart").description == "Choosing"
    assert desk.panel(DescriptionPanel).field.text == ""


def test_another_flow_commits_what_was_typed(desk):
    """Its tab was changed, or closed."""
    desk.select("s-Cart")
    desk.write(desk.panel(DescriptionPanel), "Choosing")
    desk.dock.bind(None)
    assert desk.document.state_for("s-Cart").description == "Choosing"


def test_a_command_finds_what_was_typed(desk, qtbot):
    """Ctrl+S saves what stands in the field; so does F5 run it."""
    desk.select("s-Cart")
    panel = desk.panel(DescriptionPanel)
    for key, modifiers in (
        (Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier),
    ):
        text = f"typed before {QKeySequence(key).toString()}"
        desk.write(panel, text)
        desk.press(panel, key, modifiers)
        assert desk.document.state_for("s-Cart").description == text
    desk.write(panel, "by hand")
    desk.dock.commit()
    assert desk.document.state_for("s-Cart").description == "by hand"


def test_what_is_wrong_is_said_beneath_and_not_pushed(desk):
    """As one types; neither Enter nor leaving changes the flow."""
    desk.select("s-Cart")
    panel = desk.panel(KeyPanel)
    desk.write(panel, "Paid")
    assert panel.field.error == "There is a state Paid already."
    assert panel.field.editor.property("invalid") is True
    assert panel.field.editor.accessibleDescription() == panel.field.error
    desk.press(panel, Qt.Key.Key_Return)
    desk.press(panel, Qt.Key.Key_Tab)
    assert desk.stack.count() == 0
    assert panel.field.text == "Paid"
    desk.write(panel, "Paidd")
    assert panel.field.error == ""
    assert panel.field.editor.property("invalid") is False


def test_escape_drops_what_was_typed(desk):
    """With its error."""
    desk.select("s-Cart")
    for kind in (KeyPanel, DescriptionPanel):
        panel = desk.panel(kind)
        before = panel.field.text
        desk.write(panel, "not a name")
        desk.press(panel, Qt.Key.Key_Escape)
        assert panel.field.text == before
        assert panel.field.error == ""
    assert desk.stack.count() == 0


def test_an_edit_elsewhere_is_shown(desk):
    """Undo, the canvas, another dock."""
    desk.select("s-Cart")
    panel = desk.panel(KeyPanel)
    states.rename_state(desk.session, "s-Cart", "Basket")
    assert panel.field.text == "Basket"
    desk.stack.undo()
    assert panel.field.text == "Cart"


def test_an_edit_of_something_else_leaves_what_is_being_typed(desk):
    """Somebody moved a state meanwhile."""
    desk.select("s-Cart")
    panel = desk.panel(KeyPanel)
    desk.write(panel, "Bask")
    states.move_states(desk.session, {"s-Cart": (5, 5)})
    assert panel.field.text == "Bask"


def test_ctrl_z_takes_back_typing_first_and_then_is_the_flows(desk, qtbot):
    """The field has no undo of its own once nothing is typed."""
    desk.select("s-Cart")
    for kind in (KeyPanel, DescriptionPanel):
        panel = desk.panel(kind)
        before = panel.field.text
        undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(panel.field.editor, "x")
        desk.press(panel, *undo)
        assert panel.field.text == before
        desk.write(panel, "Trolley")
        desk.press(panel, Qt.Key.Key_Return)
        desk.press(panel, *undo)
        assert panel.field.text == "Trolley"


def test_the_form_of_what_is_deleted_goes(desk):
    """And comes no more back; the flow's is shown."""
    desk.select("s-Cart")
    desk.write(desk.panel(DescriptionPanel), "Choosing")
    elements.delete(desk.session, ["s-Cart"])
    assert desk.dock.form.ids == ()
    desk.stack.undo()
    assert desk.document.state_for("s-Cart").description is None


def test_another_pack_is_another_form_of_the_flow(desk):
    """Each pack has its fields, and names as soon as there are two."""
    flow.add_pack(desk.session, "extras")
    assert desk.kinds().count("PackDescriptionPanel") == 2
    desk.write(desk.panel(PackNamePanel, 1), "more")
    desk.press(desk.panel(PackNamePanel, 1), Qt.Key.Key_Return)
    assert desk.document.packs[1].name == "more"
    desk.write(desk.panel(PackNamePanel, 1), " ")
    assert desk.panel(PackNamePanel, 1).field.error
    desk.stack.undo()
    desk.stack.undo()
    assert desk.kinds().count("PackDescriptionPanel") == 1


# -- flow ----------------------------------------------------------------------------------


def test_the_flow_is_named_and_given_a_context(desk):
    """Each with its check."""
    name, context = desk.panel(FlowNamePanel), desk.panel(FlowContextPanel)
    desk.write(name, "")
    assert name.field.error == "It needs a name."
    desk.write(name, "shop")
    desk.press(name, Qt.Key.Key_Return)
    assert desk.document.flow.name == "shop"
    desk.write(context, "total: [")
    assert context.field.error
    desk.write(context, "total: 0\nitems: []")
    desk.press(context, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.document.flow.context == {"total": 0, "items": []}
    assert context.field.text == "total: 0\nitems: []"


def test_a_pack_is_described_and_given_guards(desk):
    """With names for expressions; a wrong one is told by its name."""
    description, guards, context = (
        desk.panel(PackDescriptionPanel),
        desk.panel(GuardsPanel),
        desk.panel(PackContextPanel),
    )
    desk.write(description, "Buys.")
    desk.press(description, Qt.Key.Key_Return)
    assert desk.document.packs[0].description == "Buys."
    for wrong, said in (("a: 1 +", "a: Syntax error"), ("a: 5", "a: It has to be"), ("- a", "'")):
        desk.write(guards, wrong)
        assert guards.field.error.startswith(said)
    desk.write(guards, "rich: context.total > 5")
    desk.press(guards, Qt.Key.Key_Tab)
    assert desk.document.packs[0].guards == {"rich": "context.total > 5"}
    desk.write(context, "total: 0")
    assert not context.field.error
    desk.press(context, Qt.Key.Key_Tab)
    assert desk.document.packs[0].context == {"total": 0}


def test_a_guard_in_use_is_kept(desk):
    """What only the command knows is said beneath the field, too."""
    flow.edit_pack(desk.session, "p-main", guards={"rich": "context.total > 5"})
    transitions.edit_transition(desk.session, "t-1", guard="rich")
    guards = desk.panel(GuardsPanel)
    desk.write(guards, "poor: context.total < 5")
    desk.press(guards, Qt.Key.Key_Tab)
    assert guards.field.error == "The guard rich is in use by Cart → Paying."
    assert desk.document.packs[0].guards == {"rich": "context.total > 5"}


def test_the_flow_starts_in_the_chosen_state(desk):
    """One step; the wheel changes nothing."""
    panel = desk.panel(StartPanel)
    assert panel.choice.currentText() == "Cart"
    QTest.keyClick(panel.choice, Qt.Key.Key_Down)
    assert desk.document.flow.initial == "s-Paying"
    assert desk.stack.undoText() == "Start in Paying"
    desk.stack.undo()
    assert panel.choice.currentText() == "Cart"
    elements.delete(desk.session, ["s-Cart"])
    assert panel.choice.currentIndex() == -1


# -- states --------------------------------------------------------------------------------


def test_a_state_is_made_final_and_initial(desk):
    """A click each; the initial one stays so until another is."""
    desk.select("s-Paying")
    final, initial = desk.panel(FinalPanel), desk.panel(InitialPanel)
    final.box.click()
    assert desk.document.state_for("s-Paying").final
    final.box.click()
    assert not desk.document.state_for("s-Paying").final
    initial.box.click()
    assert desk.document.flow.initial == "s-Paying"
    assert initial.box.isChecked()
    assert not initial.box.isEnabled()
    desk.stack.undo()
    assert not initial.box.isChecked()


def test_states_that_differ_are_half_final(desk):
    """A click makes all so."""
    desk.select("s-Paying", "s-Paid")
    box = desk.panel(FinalPanel).box
    assert box.checkState() is Qt.CheckState.PartiallyChecked
    box.click()
    assert desk.document.state_for("s-Paying").final
    assert box.checkState() is Qt.CheckState.Checked
    box.click()
    assert not desk.document.state_for("s-Paid").final


def test_texts_that_differ_are_various(desk):
    """Typing gives all the same; one step."""
    states.edit_state(desk.session, "s-Cart", description="one")
    desk.select("s-Cart", "t-0")
    panel = desk.panel(DescriptionPanel)
    assert panel.field.editor.placeholderText() == "various"
    desk.press(panel, Qt.Key.Key_Return)
    assert desk.stack.count() == 1
    desk.write(panel, "both")
    desk.press(panel, Qt.Key.Key_Return)
    assert desk.document.transition_for("t-0").description == "both"
    assert desk.stack.count() == 2
    assert panel.field.text == "both"
    desk.select("t-0", "t-1")
    desk.write(desk.panel(DescriptionPanel), "two")
    desk.press(desk.panel(DescriptionPanel), Qt.Key.Key_Return)
    assert desk.stack.undoText() == "Describe 2 transitions"


def test_actions_are_edited_as_text(desk):
    """Enter begins a line, Ctrl+Enter confirms; what is wrong is told with its line."""
    desk.select("s-Cart")
    entry, exit_ = desk.panel(ActionsPanel, 0), desk.panel(ActionsPanel, 1)
    desk.write(entry, "- set: {a: 1}\n- shout: x")
    assert entry.field.error.startswith("Line 2: Unknown action 'shout'")
    desk.write(entry, "- set:   {a: 1}\n- call: m:f")
    desk.press(entry, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.document.state_for("s-Cart").entry == (SetAction({"a": 1}), CallAction("m:f"))
    assert entry.field.text == "- set: {a: 1}\n- call: m:f"
    desk.write(exit_, "- call: m:f")
    desk.press(exit_, Qt.Key.Key_Tab)
    assert desk.document.state_for("s-Cart").exit == (CallAction("m:f"),)
    desk.stack.undo()
    assert exit_.field.text == ""


def test_a_menu_begins_an_action(desk, qtbot):
    """Its name is selected, to be typed over."""
    desk.select("t-1")
    panel = desk.panel(ActionsPanel)
    panel.button.click()
    assert panel.menu.isVisible()
    panel.menu.close()
    first, last = panel.menu.actions()[0], panel.menu.actions()[-1]
    first.trigger()
    assert panel.field.text == "- set: {key: 1}"
    QTest.keyClicks(panel.editor, "paid")
    last.trigger()
    desk.press(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.document.transition_for("t-1").do == (
        SetAction({"paid": 1}),
        CallAction("module:function"),
    )


# -- transitions ---------------------------------------------------------------------------


def test_a_message_is_typed(desk):
    """Blanks around it do not count."""
    desk.select("t-1")
    panel = desk.panel(TriggerPanel)
    desk.write(panel, "")
    assert panel.field.error
    desk.write(panel, " send ")
    desk.press(panel, Qt.Key.Key_Return)
    assert desk.document.transition_for("t-1").message == "send"
    assert panel.field.text == "send"


def test_a_message_gives_way_to_a_delay_and_back(desk):
    """The kind changes with what is typed, and not before."""
    desk.select("t-1")
    panel = desk.panel(TriggerPanel)
    panel.switch.click()
    assert panel.field.label.text() == "Delay"
    assert panel.field.text == ""
    assert desk.stack.count() == 0
    desk.write(panel, "soon")
    assert panel.field.error
    desk.write(panel, "0.5ms")
    desk.press(panel, Qt.Key.Key_Return)
    assert "from 1ms to a hundred years" in panel.field.error
    assert desk.stack.count() == 0
    desk.write(panel, "90s")
    states.move_states(desk.session, {"s-Cart": (5, 5)})
    assert panel.field.text == "90s"
    desk.press(panel, Qt.Key.Key_Return)
    assert desk.document.transition_for("t-1").after == 90
    assert panel.switch.text() == "Use a message"
    panel.switch.click()
    desk.write(panel, "go")
    desk.press(panel, Qt.Key.Key_Return)
    assert desk.document.transition_for("t-1").message == "go"
    desk.stack.undo()
    assert (panel.field.label.text(), panel.field.text) == ("Delay", "90s")


def test_a_switch_that_is_not_used_is_taken_back(desk):
    """By Escape, by leaving, by switching again."""
    desk.select("t-1")
    panel = desk.panel(TriggerPanel)
    panel.switch.click()
    panel.switch.click()
    assert panel.field.text == "submit"
    panel.switch.click()
    desk.write(panel, "9")
    desk.press(panel, Qt.Key.Key_Escape)
    assert (panel.field.label.text(), panel.field.text) == ("Message", "submit")
    panel.switch.click()
    desk.panel(GuardPanel).field.editor.setFocus()
    assert panel.field.text == "submit"
    assert desk.stack.count() == 0


def test_transitions_share_a_trigger(desk):
    """Messages or delays; various when they differ."""
    desk.select("t-3", "t-4")
    assert desk.panel(TriggerPanel).field.text == "decline"
    transitions.edit_transition(desk.session, "t-3", after=5)
    assert desk.panel(TriggerPanel).field.editor.placeholderText() == "various"
    desk.write(desk.panel(TriggerPanel), "reject")
    desk.press(desk.panel(TriggerPanel), Qt.Key.Key_Return)
    assert desk.document.transition_for("t-3").message == "reject"


def test_a_guard_says_what_it_stands_for_and_reads(desk):
    """As one types."""
    flow.edit_pack(desk.session, "p-main", guards={"rich": "message.paid > context.total"})
    desk.select("t-1")
    panel = desk.panel(GuardPanel)
    assert not panel.meaning.isVisible()
    desk.write(panel, "rich")
    assert panel.meaning.text() == "message.paid > context.total"
    assert panel.reads.text() == "reads  message.paid, context.total"
    desk.write(panel, "richh")
    assert panel.field.error.startswith("Unknown name 'richh'")
    assert not panel.meaning.isVisible()
    desk.write(panel, "rules.max_retries > 1")
    assert panel.reads.text() == "reads  rules.max_retries"
    desk.press(panel, Qt.Key.Key_Return)
    assert desk.document.transition_for("t-1").guard == "rules.max_retries > 1"


def test_a_guard_spans_lines(desk):
    """Shift+Enter begins one."""
    desk.select("t-1")
    panel = desk.panel(GuardPanel)
    low = panel.field.editor.height()
    desk.write(panel, "(context.a > 1 and")
    desk.press(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(panel.field.editor, "context.b)")
    assert panel.field.editor.height() > low
    desk.press(panel, Qt.Key.Key_Return)
    assert "\n" in desk.document.transition_for("t-1").guard


def test_the_ends_are_chosen(desk):
    """From and to; to stay makes it internal."""
    desk.select("t-1")
    panel = desk.panel(EndsPanel)
    assert (panel.source.currentText(), panel.target.currentText()) == ("Cart", "Paying")
    QTest.keyClick(panel.target, Qt.Key.Key_Down)
    assert desk.document.transition_for("t-1").target == "s-Paid"
    QTest.keyClick(panel.target, Qt.Key.Key_Home)
    assert desk.document.transition_for("t-1").target is None
    assert panel.target.currentText() == "stays here"
    QTest.keyClick(panel.source, Qt.Key.Key_End)
    assert desk.document.transition_for("t-1").source == "s-Failed"
    desk.stack.undo()
    assert panel.source.currentText() == "Cart"


def test_an_end_that_has_gone_is_refused_beneath(desk):
    """A list that is open knows nothing of it."""
    desk.select("t-1")
    panel = desk.panel(EndsPanel)
    panel.target.chosen.emit("gone")
    assert panel.error.text() == "That state is not there any more."
    panel.target.chosen.emit("s-Paid")
    assert panel.error.text() == ""


def test_a_transition_is_tried_earlier_and_later(desk):
    """Its place is told, and its ends cannot be passed."""
    desk.select("t-3")
    panel = desk.panel(OrderPanel)
    assert panel.words.text() == "Tried 2nd of 3 from Paying"
    panel.earlier.click()
    assert panel.words.text() == "Tried 1st of 3 from Paying"
    assert not panel.earlier.isEnabled()
    panel.later.click()
    panel.later.click()
    assert panel.words.text() == "Tried 3rd of 3 from Paying"
    assert not panel.later.isEnabled()


# -- problems and looks --------------------------------------------------------------------


def test_problems_of_the_selection_are_shown(desk):
    """Code and sentence; those of others are not."""
    desk.select("t-4")
    cards = desk.dock._cards
    assert [problem.code for problem in cards.problems] == ["F202"]
    transitions.edit_transition(desk.session, "t-3", guard="rules.max_retries > 1")
    desk.page.find_problems()
    assert cards.problems == ()
    desk.select("s-Cart")
    assert desk.dock._cards.problems == ()


def test_another_theme_keeps_what_was_typed(desk):
    """In the flow."""
    desk.select("s-Cart")
    desk.write(desk.panel(DescriptionPanel), "Choosing")
    desk.dock.set_theme(DARK)
    assert desk.panel(DescriptionPanel).field.text == "Choosing"
    assert desk.document.state_for("s-Cart").description == "Choosing"


def test_a_box_is_as_high_as_its_text(desk):
    """Within reason."""
    desk.select("s-Cart")
    editor = desk.panel(DescriptionPanel).field.editor
    low = editor.height()
    states.edit_state(desk.session, "s-Cart", description="word " * 40)
    middle = editor.height()
    assert middle > low
    states.edit_state(desk.session, "s-Cart", description="line\n" * 200)
    assert middle < editor.height() < 300
    assert editor.verticalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAsNeeded
    assert QApplication.focusWidget() is not editor
