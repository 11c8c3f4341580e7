"""The view: zoom, pan, fit, keys and the words for assistive technology."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from designer.canvas.view import FlowView
from designer.document.elements import PackOrigin
from designer.document.model import Content
from designer.host.theme import DARK, LIGHT
from tests.helpers.canvas_driver import CanvasDriver
from tests.helpers.contents import content_of, order_like

Open = Callable[[Content], CanvasDriver]
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def corner(view: FlowView) -> QPointF:
    return view.mapToScene(0, 0)


def shown(view: FlowView) -> QRectF:
    return view.mapToScene(view.viewport().rect()).boundingRect()


def test_zooming_in_and_out_tells_the_zoom(canvas: CanvasDriver) -> None:
    """Step by step, and back to 100 %."""
    told: list[float] = []
    canvas.view.zoom_changed.connect(told.append)
    canvas.view.zoom_in()
    canvas.view.zoom_out()
    canvas.view.zoom_out()
    canvas.view.zoom_reset()

    assert told == pytest.approx([1.2, 1.0, 1 / 1.2, 1.0])
    assert canvas.view.zoom == 1.0


def test_zoom_has_limits(canvas: CanvasDriver) -> None:
    """Nobody gets lost in a single letter."""
    for _ in range(40):
        canvas.view.zoom_in()
    assert canvas.view.zoom == 4.0

    for _ in range(80):
        canvas.view.zoom_out()
    assert canvas.view.zoom == 0.05


def test_ctrl_and_wheel_zoom_at_the_hand(canvas: CanvasDriver) -> None:
    """What lies under it stays under it."""
    place = canvas.view.mapFromScene(QPointF(*canvas.center_of("Paid")))
    canvas.wheel("Paid", 2, modifiers=CONTROL)

    assert canvas.view.zoom > 1.2
    now = canvas.view.mapFromScene(QPointF(*canvas.center_of("Paid")))
    assert (now - place).manhattanLength() <= 2


def test_the_wheel_moves_the_view_up_and_down(canvas: CanvasDriver) -> None:
    """The drawing follows the wheel."""
    before = corner(canvas.view)
    canvas.wheel("Paid", -1)

    assert corner(canvas.view).y() > before.y()
    assert corner(canvas.view).x() == before.x()


def test_shift_and_wheel_move_the_view_sideways(canvas: CanvasDriver) -> None:
    """For mice with one wheel."""
    before = corner(canvas.view)
    canvas.wheel("Paid", -1, modifiers=SHIFT)

    assert corner(canvas.view).x() > before.x()
    assert corner(canvas.view).y() == before.y()


def test_fit_shows_everything(open_canvas: Open) -> None:
    """However far apart it lies."""
    canvas = open_canvas(content_of(" ".join(f"S{n}" for n in range(12))))
    canvas.view.zoom_in()
    canvas.view.fit()

    assert canvas.view.zoom < 1.0
    assert shown(canvas.view).contains(canvas.scene.content_rect())


def test_fit_never_enlarges(canvas: CanvasDriver) -> None:
    """A flow of three states stays as it is."""
    canvas.view.zoom_out()
    canvas.view.fit()

    assert canvas.view.zoom == 1.0


def test_fit_keeps_states_out_from_under_the_minimap(open_canvas: Open) -> None:
    """The lower right corner is taken."""
    content = content_of("A B C D")
    spots = [(0, 0), (1500, 0), (0, 900), (1500, 900)]
    places = tuple(
        position.__class__(position.id, *spot)
        for position, spot in zip(content.positions, spots, strict=True)
    )
    canvas = open_canvas(Content(content.flow, content.packs, content.states, (), places))
    canvas.view.fit()
    last = canvas.scene.drawing.boxes["s-D"]
    on_view = canvas.view.mapFromScene(QRectF(*last)).boundingRect()

    assert not on_view.intersects(canvas.view.minimap.geometry())


def test_fit_waits_for_a_window(canvases) -> None:
    """Before it is shown a view has no size worth fitting to."""
    view = FlowView(canvases.scene(content_of(" ".join(f"S{n}" for n in range(12)))))
    canvases.views.append(view)
    view.fit()
    assert view.zoom == 1.0

    view.resize(900, 600)
    with canvases.qtbot.waitExposed(view):
        view.show()
    assert view.zoom < 1.0


def test_fit_selection_shows_what_is_selected(open_canvas: Open) -> None:
    """And everything when nothing is."""
    canvas = open_canvas(content_of(" ".join(f"S{n}" for n in range(12))))
    canvas.scene.select(["s-S11"])
    canvas.view.fit_selection()
    assert canvas.view.zoom == 1.0
    assert shown(canvas.view).center().x() == pytest.approx(11 * 220, abs=100)

    canvas.scene.select([])
    canvas.view.fit_selection()
    assert shown(canvas.view).contains(canvas.scene.content_rect())


def test_the_middle_button_drags_the_view(canvas: CanvasDriver) -> None:
    """Whatever lies under it."""
    before = corner(canvas.view)
    canvas.drag("Paying", (260, 30), button=Qt.MouseButton.MiddleButton)

    assert corner(canvas.view) == before - QPointF(40, 30)
    assert canvas.steps == 0


def test_space_and_drag_move_the_view(canvas: CanvasDriver) -> None:
    """And move no state."""
    before = corner(canvas.view)
    canvas.key_down(Qt.Key.Key_Space)
    canvas.drag("Paying", (250, 20))
    canvas.key_up(Qt.Key.Key_Space)

    assert corner(canvas.view) == before - QPointF(30, 20)
    assert canvas.steps == 0
    canvas.drag("Paying", (260, 60))
    assert canvas.steps == 1


def test_escape_lets_the_view_go_where_it_is(canvas: CanvasDriver) -> None:
    """Looking around edits nothing."""
    canvas.press((100, 160), button=Qt.MouseButton.MiddleButton)
    canvas.move((140, 160))
    canvas.key(Qt.Key.Key_Escape)
    canvas.release((140, 160), button=Qt.MouseButton.MiddleButton)

    assert canvas.view.desk.tool is None


def test_some_of_the_flow_stays_in_view(canvas: CanvasDriver) -> None:
    """However far one pans."""
    canvas.view.pan(-100_000, -100_000)

    assert shown(canvas.view).intersects(canvas.scene.content_rect())


def test_tab_walks_through_everything_and_out(canvas: CanvasDriver) -> None:
    """States with what leaves them; past the last one the focus goes on."""
    walked = []
    for _ in range(5):
        canvas.key(Qt.Key.Key_Tab)
        walked += canvas.selected
    assert walked == ["Cart", "t-0", "Paying", "t-1", "Paid"]

    canvas.key(Qt.Key.Key_Tab)
    assert canvas.selected == []


def test_shift_tab_walks_back(canvas: CanvasDriver) -> None:
    """From the end."""
    canvas.key(Qt.Key.Key_Backtab, SHIFT)
    canvas.key(Qt.Key.Key_Backtab, SHIFT)

    assert canvas.selected == ["t-1"]


def test_alt_and_arrows_walk_to_the_nearest(open_canvas: Open) -> None:
    """In that direction; where nothing lies, the selection stays."""
    canvas = open_canvas(content_of("A B C"))
    canvas.key(Qt.Key.Key_Right, ALT)
    assert canvas.selected == ["A"]

    canvas.key(Qt.Key.Key_Right, ALT)
    assert canvas.selected == ["B"]
    canvas.key(Qt.Key.Key_Up, ALT)
    assert canvas.selected == ["B"]


def test_walking_moves_the_view_along(open_canvas: Open) -> None:
    """What is selected can be seen."""
    canvas = open_canvas(content_of(" ".join(f"S{n}" for n in range(12))))
    canvas.view.zoom_reset()
    canvas.key(Qt.Key.Key_Backtab, SHIFT)

    box = canvas.scene.drawing.boxes["s-S11"]
    assert shown(canvas.view).contains(QRectF(*box))


def test_the_selection_is_told_in_words(canvas: CanvasDriver) -> None:
    """For those who cannot see it."""
    view = canvas.view
    assert view.accessibleName() == "Canvas"
    assert view.accessibleDescription() == "3 states and 2 transitions"

    canvas.click("Cart")
    assert view.accessibleDescription() == "State Cart, initial, 1 leaving"
    canvas.click("Paid")
    assert view.accessibleDescription() == "State Paid, final"
    canvas.click("t-0")
    assert view.accessibleDescription() == "Transition submit, from Cart to Paying"
    canvas.key(Qt.Key.Key_A, CONTROL)
    assert view.accessibleDescription() == "3 states and 2 transitions selected"


def test_an_empty_canvas_says_what_to_do(open_canvas: Open) -> None:
    """Until the first state is there."""
    canvas = open_canvas(content_of(""))
    empty = canvas.view.grab().toImage()
    canvas.double_click((0, 0))
    canvas.enter("Idle")
    filled = canvas.view.grab().toImage()

    assert has_color_near(empty, LIGHT.text.lightness())
    assert not canvas.scene.content_rect().isNull()
    assert empty != filled
    assert canvas.view.minimap.isVisible()


def has_color_near(image: QImage, lightness: int) -> bool:
    return any(
        abs(image.pixelColor(x, y).lightness() - lightness) < 12
        for x in range(300, 700)
        for y in range(300, 360)
    )


def test_another_theme_repaints_the_canvas(canvas: CanvasDriver) -> None:
    """Background and all."""
    canvas.scene.set_theme(DARK)
    image = canvas.view.grab().toImage()

    colors = {image.pixelColor(x, 5).name() for x in range(60)}
    assert DARK.canvas.name() in colors


def test_deleting_what_may_not_be_is_refused(open_canvas: Open) -> None:
    """With the reason."""
    content = content_of("Cart Paid")
    python = content.packs[0].__class__(id="p-main", name="main", origin=PackOrigin.PYTHON)
    canvas = open_canvas(Content(content.flow, (python,), content.states, (), content.positions))
    said: list[str] = []
    canvas.view.edit_refused.connect(said.append)
    canvas.click("Cart")
    canvas.key(Qt.Key.Key_Delete)

    assert said == ["Cart belongs to Python and cannot be deleted here."]


def test_start_rename_shows_the_editor(canvas: CanvasDriver) -> None:
    """Also for those who are not on the canvas, such as the outline."""
    canvas.view.start_rename("s-Paying")
    canvas.enter("Payment")

    assert canvas.keys == ["Cart", "Payment", "Paid"]


def test_hovering_a_state_shows_its_handles(canvas: CanvasDriver) -> None:
    """And leaving it hides them."""
    canvas.hover("Paying")
    assert canvas.scene.item_for("s-Paying").look.handles
    canvas.hover(canvas.border_of("Paying"))
    assert canvas.view.viewport().cursor().shape() is Qt.CursorShape.CrossCursor

    canvas.hover((200, 160))
    assert not canvas.scene.item_for("s-Paying").look.handles
    assert canvas.view.viewport().cursor().shape() is Qt.CursorShape.ArrowCursor


def test_a_wheel_turn_changes_what_is_hovered_only_with_the_hand(canvas: CanvasDriver) -> None:
    """A second button in a gesture does nothing."""
    canvas.press("Paying")
    canvas.move((240, 60))
    canvas.press((240, 60), button=Qt.MouseButton.RightButton)
    canvas.release((240, 60), button=Qt.MouseButton.RightButton)
    assert canvas.view.desk.tool is not None
    canvas.release((240, 60))

    assert canvas.steps == 1


def test_a_drag_to_the_edge_moves_the_view(canvas: CanvasDriver, qtbot: QtBot) -> None:
    """Until the hand lets go."""
    view = canvas.view
    before = corner(view)
    edge = view.mapToScene(view.viewport().width() - 3, 200)
    canvas.press("Paid")
    canvas.move((edge.x(), edge.y()))
    qtbot.waitUntil(lambda: corner(view).x() > before.x() + 40)
    canvas.release((edge.x(), edge.y()))

    resting = corner(view)
    assert canvas.center_of("Paid")[0] > edge.x()
    assert corner(view) == resting


def test_undo_during_a_drag_takes_the_drag_back_first(canvas: CanvasDriver) -> None:
    """The keys of undo end the gesture."""
    canvas.press("Paying")
    canvas.move((300, 200))
    canvas.key(Qt.Key.Key_Z, CONTROL)
    canvas.release((300, 200))

    assert canvas.center_of("Paying") == (220, 0)
    assert canvas.view.desk.tool is None


def test_cancel_gesture_ends_what_the_hand_does(canvas: CanvasDriver) -> None:
    """For whoever needs the canvas at rest."""
    canvas.press("Paying")
    canvas.move((300, 200))
    canvas.view.cancel_gesture()
    canvas.release((300, 200))

    assert canvas.steps == 0


def test_internal_labels_can_be_clicked(open_canvas: Open) -> None:
    """They are transitions like others."""
    canvas = open_canvas(order_like())
    canvas.click("t-0")

    assert canvas.selected == ["t-0"]
