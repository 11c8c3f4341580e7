"""What the forms of the Properties dock change: in the flow, in states, in transitions."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.commands import elements, flow, states, transitions
from designer.shell.panels.actions import ActionsPanel
from designer.shell.panels.choices import EndsPanel, StartPanel
from designer.shell.panels.descriptions import DescriptionPanel, PackDescriptionPanel
from designer.shell.panels.flags import FinalPanel, InitialPanel
from designer.shell.panels.guard import GuardPanel
from designer.shell.panels.mappings import FlowContextPanel, GuardsPanel, PackContextPanel
from designer.shell.panels.names import FlowNamePanel
from designer.shell.panels.order import OrderPanel
from designer.shell.panels.trigger import TriggerPanel
from flexiflow.pack_records import CallAction, SetAction

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
