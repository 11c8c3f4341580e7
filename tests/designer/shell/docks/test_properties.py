"""The Properties dock: what is typed is checked, committed and undone with the flow."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from designer.commands import elements, flow, states, transitions
from designer.document.elements import Pack, PackOrigin
from designer.host.theme import DARK
from designer.shell.panels.descriptions import DescriptionPanel
from designer.shell.panels.names import KeyPanel, PackNamePanel
from tests.helpers.contents import content_of, pack_content_of

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
