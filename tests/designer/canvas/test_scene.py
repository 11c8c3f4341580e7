"""The scene follows its document."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from designer.canvas.items.state_item import StateItem
from designer.canvas.items.transition_item import TransitionItem
from designer.canvas.overlay import Overlay
from designer.canvas.routes import RouteKind
from designer.canvas.scene import FlowScene
from designer.commands.elements import delete
from designer.commands.states import add_state, edit_state, move_states, rename_state, set_initial
from designer.commands.transitions import add_transition, edit_transition
from designer.document.elements import Pack, PackOrigin
from designer.document.model import Change
from designer.host.theme import DARK
from tests.helpers.contents import order_like


@pytest.fixture
def scene(canvases) -> FlowScene:
    found = canvases.scene(order_like())
    yield found
    found.dispose()


def states_of(scene: FlowScene) -> set[str]:
    return {item.element_id for item in scene.items() if isinstance(item, StateItem)}


def lines_of(scene: FlowScene) -> set[str]:
    return {item.element_id for item in scene.items() if isinstance(item, TransitionItem)}


def test_every_element_has_an_item(scene: FlowScene) -> None:
    """And every item an element."""
    assert states_of(scene) == {"s-Cart", "s-Paying", "s-Paid", "s-Failed"}
    assert lines_of(scene) == {f"t-{n}" for n in range(5)}


def test_an_added_state_appears(scene: FlowScene) -> None:
    """Where it was added."""
    state_id = add_state(scene.session, "p-main", (100, 200), "OnHold")

    assert scene.item_for(state_id).pos() == QPointF(100, 200)


def test_an_added_transition_appears(scene: FlowScene) -> None:
    """With its label."""
    new_id = add_transition(scene.session, "s-Paid", "s-Failed", "refund")

    assert new_id in lines_of(scene)
    assert scene.label_item_for(new_id).label.text == "refund"


def test_deleted_elements_disappear(scene: FlowScene) -> None:
    """A state with all that touches it."""
    delete(scene.session, ["s-Paying"])

    assert states_of(scene) == {"s-Cart", "s-Paid", "s-Failed"}
    assert lines_of(scene) == {"t-0"}
    with pytest.raises(KeyError):
        scene.item_for("s-Paying")


def test_undo_brings_items_back(scene: FlowScene) -> None:
    """Under the same ids."""
    delete(scene.session, ["s-Paying"])
    scene.session.undo_stack.undo()

    assert "s-Paying" in states_of(scene)
    assert lines_of(scene) == {f"t-{n}" for n in range(5)}


def test_a_new_name_shows(scene: FlowScene) -> None:
    """In the same item."""
    item = scene.item_for("s-Cart")
    rename_state(scene.session, "s-Cart", "Basket")

    assert isinstance(item, StateItem)
    assert item.face.name == "Basket"
    assert scene.item_for("s-Cart") is item


def test_changed_fields_show(scene: FlowScene) -> None:
    """Of states and of transitions."""
    edit_state(scene.session, "s-Cart", description="Choosing", final=True)
    edit_transition(scene.session, "t-1", guard="context.items > 0")
    item = scene.item_for("s-Cart")

    assert isinstance(item, StateItem)
    assert (item.face.caption, item.face.final) == ("Choosing", True)
    assert scene.label_item_for("t-1").label.guard == "[context.items > 0]"


def test_the_initial_mark_moves_with_the_initial_state(scene: FlowScene) -> None:
    """Its arrow ends at another state."""
    before = scene.drawing.initial_arrow()
    set_initial(scene.session, "s-Paid")

    assert scene.drawing.initial_arrow() != before


def test_moved_states_stand_where_they_belong(scene: FlowScene) -> None:
    """At once, when nothing may move by itself."""
    move_states(scene.session, {"s-Cart": (0, 200), "s-Paid": (440, 200)})

    assert scene.item_for("s-Cart").pos() == QPointF(0, 200)


def test_moved_states_glide(scene: FlowScene, qtbot: QtBot) -> None:
    """From where they were to where they belong."""
    scene.animations = True
    move_states(scene.session, {"s-Cart": (0, 200), "s-Paid": (440, 200)})
    item = scene.item_for("s-Cart")
    assert item.pos().y() < 200

    qtbot.waitUntil(lambda: item.pos() == QPointF(0, 200))
    assert scene.item_for("t-1").opacity() == 1.0


def test_an_edit_ends_a_glide(scene: FlowScene) -> None:
    """Nothing is left half way."""
    scene.animations = True
    move_states(scene.session, {"s-Cart": (0, 200)})
    edit_state(scene.session, "s-Cart", description="Choosing")

    assert scene.item_for("s-Cart").pos() == QPointF(0, 200)


def test_selecting_tells_once_and_looks_selected(scene: FlowScene, qtbot: QtBot) -> None:
    """Ids of what is not drawn are left out."""
    with qtbot.waitSignal(scene.selection_ids_changed):
        scene.select(["s-Cart", "t-1", "nobody"])

    assert scene.selected_ids() == ("s-Cart", "t-1")
    assert scene.item_for("s-Cart").look.selected
    assert scene.label_item_for("t-1").look.selected
    with qtbot.assertNotEmitted(scene.selection_ids_changed):
        scene.select(["s-Cart", "t-1"])


def test_what_is_deleted_is_selected_no_more(scene: FlowScene, qtbot: QtBot) -> None:
    """And that is told."""
    scene.select(["s-Cart", "s-Paying"])
    with qtbot.waitSignal(scene.selection_ids_changed):
        delete(scene.session, ["s-Paying"])

    assert scene.selected_ids() == ("s-Cart",)


def test_toggling_knows_only_what_is_drawn(scene: FlowScene) -> None:
    """Anything else is passed over."""
    scene.toggle("s-Cart")
    scene.toggle("nobody")

    assert scene.selected_ids() == ("s-Cart",)


def test_a_run_shows_its_moment(scene: FlowScene) -> None:
    """Active state, taken transition, possible messages, visits."""
    scene.set_overlay(
        Overlay(
            active="s-Paying",
            taken="t-1",
            possible=frozenset({"t-2"}),
            visits={"s-Cart": 2},
            note="attempt 1",
        )
    )
    active, cart = scene.item_for("s-Paying").look, scene.item_for("s-Cart").look

    assert (active.active, active.note) == (True, "attempt 1")
    assert cart.visits == 2
    assert scene.item_for("t-1").look.taken
    assert scene.label_item_for("t-2").look.possible


def test_the_end_of_a_run_shows_the_flow_alone(scene: FlowScene) -> None:
    """Nothing of the run stays."""
    scene.set_overlay(Overlay(active="s-Paying", taken="t-1", visits={"s-Cart": 2}))
    scene.set_overlay(None)

    assert not scene.item_for("s-Paying").look.active
    assert not scene.item_for("t-1").look.taken
    assert scene.item_for("s-Cart").look.visits == 0


def test_an_active_state_pulses_and_a_taken_line_fades(scene: FlowScene, qtbot: QtBot) -> None:
    """As long as the run shows them."""
    scene.animations = True
    scene.set_overlay(Overlay(active="s-Paying", taken="t-1"))
    line, state = scene.item_for("t-1"), scene.item_for("s-Paying")
    assert line.look.flash == 1.0

    qtbot.waitUntil(lambda: state.look.pulse > 0)
    qtbot.waitUntil(lambda: line.look.flash == 0.0)
    scene.set_overlay(None)
    assert state.look.pulse == 0.0


def test_nothing_moves_by_itself_when_nothing_may(scene: FlowScene) -> None:
    """Neither flash nor pulse."""
    scene.set_overlay(Overlay(active="s-Paying", taken="t-1"))

    assert scene.item_for("t-1").look.flash == 0.0
    assert not scene.animations


def test_an_overlay_of_unknown_ids_is_harmless(scene: FlowScene) -> None:
    """A run may outlive what it runs."""
    scene.set_overlay(Overlay(active="gone", taken="gone too", visits={"gone": 1}))

    assert scene.overlay.active == "gone"


def test_new_items_know_the_run(scene: FlowScene) -> None:
    """An undo in a run brings an active state back as active."""
    scene.set_overlay(Overlay(active="s-Paying"))
    delete(scene.session, ["s-Paying"])
    scene.session.undo_stack.undo()

    assert scene.item_for("s-Paying").look.active


def test_hovering_marks_one_at_a_time(scene: FlowScene) -> None:
    """With the handles where they are of use."""
    scene.set_hovered("s-Cart", handles=True)
    scene.set_hovered("s-Paid")

    assert not scene.item_for("s-Cart").look.hovered
    assert scene.item_for("s-Paid").look.hovered
    assert not scene.item_for("s-Paid").look.handles


def test_an_internal_transition_hangs_on_its_state(scene: FlowScene) -> None:
    """By a line without a head."""
    assert scene.drawing.routes["t-0"].kind is RouteKind.INTERNAL


def test_a_second_pack_gets_its_region(scene: FlowScene) -> None:
    """As soon as it has a state."""
    pack = Pack(id="p-2", name="extras", origin=PackOrigin.INLINE, color="#336699")
    scene.session.push("Add pack", [Change(None, pack)])
    add_state(scene.session, "p-2", (300, 300), "Parked")

    assert scene.drawing.regions().keys() == {"p-main", "p-2"}
    pack_now = replace(pack, name="more")
    scene.session.push("Rename pack", [Change(pack, pack_now)])
    assert len(scene.drawing.regions()) == 2


def test_another_theme_is_drawn_with(scene: FlowScene) -> None:
    """At once."""
    scene.set_theme(DARK)

    assert scene.theme is DARK
    assert scene.canvas_style.theme is DARK


def test_from_far_away_one_item_draws_all(scene: FlowScene) -> None:
    """And each draws itself again from near."""
    flag = StateItem.GraphicsItemFlag.ItemHasNoContents
    scene.set_zoom(0.1)
    scene.select(["s-Cart"])
    add_state(scene.session, "p-main", (100, 200), "OnHold")
    items = [item for item in scene.items() if isinstance(item, StateItem)]
    assert all(item.flags() & flag for item in items)

    scene.set_zoom(1.0)
    assert not any(item.flags() & flag for item in items)


def test_a_preview_is_taken_back(scene: FlowScene) -> None:
    """Without a trace in the document."""
    before = scene.document.content
    scene.preview({"s-Cart": (50.0, 50.0)})
    assert scene.item_for("s-Cart").pos() == QPointF(50, 50)
    scene.end_preview()

    assert scene.item_for("s-Cart").pos() == QPointF(0, 0)
    assert scene.document.content == before


def test_a_disposed_scene_lets_go(canvases) -> None:
    """Later edits reach nobody."""
    scene = canvases.scene(order_like())
    session = scene.session
    scene.dispose()
    rename_state(session, "s-Cart", "Basket")

    assert scene.items() == []


def test_lines_settle_while_everything_else_goes_on(scene: FlowScene, qtbot: QtBot) -> None:
    """A moved state has quick lines at once and the best ones soon after."""
    move_states(scene.session, {"s-Paying": (220, 260)})
    assert not scene.drawing.book.settled

    with qtbot.waitSignal(scene.drawing_changed):
        pass
    qtbot.waitUntil(lambda: scene.drawing.book.settled)
    tip = scene.drawing.routes["t-1"].points[-1]
    assert scene.item_for("t-1").route.points[-1] == tip


def test_settling_can_be_asked_for(scene: FlowScene) -> None:
    """A picture of the canvas shows its best lines."""
    move_states(scene.session, {"s-Paying": (220, 260)})
    scene.settle()

    assert scene.drawing.book.settled
