"""What is painted, looked at pixel by pixel."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from designer.canvas.captions import LabelText, StateFace
from designer.canvas.line_painting import (
    LineLook,
    arrow_head,
    far_line_color,
    line_color,
    paint_initial,
    paint_label,
    paint_line,
    rounded_path,
)
from designer.canvas.painting import (
    StateLook,
    far_color,
    paint_region,
    paint_state,
    visits_box,
)
from designer.canvas.route_grid import LABEL_MARGIN
from designer.canvas.style import CanvasStyle, Detail, Ink, detail_for
from designer.host.theme import DARK, LIGHT, Theme

BOX = QRectF(25, 25, 150, 46)
Paint = Callable[[Ink], None]
Painted = Callable[..., QImage]


@pytest.fixture
def painted(qapp: QApplication) -> Painted:
    """Paints on an empty canvas of 200 by 100 px."""

    def paint(work: Paint, theme: Theme = LIGHT, detail: Detail = Detail.FULL) -> QImage:
        image = QImage(200, 100, QImage.Format.Format_RGB32)
        image.fill(theme.canvas)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        work(Ink(painter, CanvasStyle(theme), detail))
        painter.end()
        return image

    return paint


def state(face: StateFace, look: StateLook = StateLook()) -> Paint:  # noqa: B008 (frozen)
    return lambda ink: paint_state(ink, BOX, face, look)


def colors(image: QImage, area: QRectF) -> set[str]:
    box = area.toRect()
    return {
        image.pixelColor(x, y).name()
        for x in range(box.left(), box.right() + 1)
        for y in range(box.top(), box.bottom() + 1)
    }


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_state_is_a_filled_box(painted: Painted, theme: Theme) -> None:
    """In the theme's colours."""
    image = painted(state(StateFace("Cart")), theme)

    assert image.pixelColor(60, 60) == theme.state_fill
    assert image.pixelColor(5, 5) == theme.canvas


def test_an_active_state_is_filled_in_ok(painted: Painted) -> None:
    """With a halo around it."""
    image = painted(state(StateFace("Cart"), StateLook(active=True)))

    assert image.pixelColor(60, 64) == LIGHT.ok_soft
    assert image.pixelColor(22, 48) != LIGHT.canvas


def test_a_selected_state_has_an_accent_border(painted: Painted) -> None:
    """And a halo; its fill stays."""
    image = painted(state(StateFace("Cart"), StateLook(selected=True)))

    assert image.pixelColor(100, 25) == LIGHT.accent
    assert image.pixelColor(60, 60) == LIGHT.state_fill
    assert image.pixelColor(100, 22) != LIGHT.canvas


def test_a_final_state_has_two_borders(painted: Painted) -> None:
    """One inside the other."""
    column = QRectF(60, 20, 1, 14)
    plain = colors(painted(state(StateFace("Paid"))), column)
    image = painted(state(StateFace("Paid", final=True)))
    lines = [y for y in range(20, 34) if image.pixelColor(60, y).lightness() < 225]

    assert len(plain) >= 2
    assert len(lines) >= 2


def test_a_read_only_state_has_a_dashed_border(painted: Painted) -> None:
    """Its line is broken."""
    solid = painted(state(StateFace("Py")))
    dashed = painted(state(StateFace("Py", read_only=True)))
    row = QRectF(40, 25, 120, 1)

    assert len(colors(dashed, row)) > len(colors(solid, row))


def test_the_users_colour_is_a_stripe(painted: Painted) -> None:
    """At the left; a colour that is none is left out."""
    image = painted(state(StateFace("Review", color="#b7791f")))
    odd = painted(state(StateFace("Review", color="no colour")))

    assert QColor("#b7791f").name() in colors(image, QRectF(28, 40, 8, 16))
    assert colors(odd, QRectF(30, 40, 4, 16)) == {LIGHT.state_fill.name()}


def test_entry_and_exit_actions_leave_marks(painted: Painted) -> None:
    """Entry at the left, exit at the right."""
    left, right = QRectF(33, 32, 14, 14), QRectF(153, 32, 14, 14)
    entry = painted(state(StateFace("A", entry=True)))
    leave = painted(state(StateFace("A", exit=True)))

    assert len(colors(entry, left)) > 1
    assert len(colors(entry, right)) == 1
    assert len(colors(leave, right)) > 1


def test_visits_are_counted_on_the_corner(painted: Painted) -> None:
    """In the colour of what was run, and only there."""
    corner = QRectF(120, 20, 60, 20)
    words = LIGHT.ok_text.name()

    assert words in colors(painted(state(StateFace("A"), StateLook(visits=3))), corner)
    assert words not in colors(painted(state(StateFace("A"))), corner)


@pytest.mark.parametrize("visits", [1, 1_234])
def test_no_label_covers_a_count(qapp, visits: int) -> None:
    """It stays on its state but for what labels keep away from it."""
    box = QRectF(0, 0, 150, 46)
    room = box.adjusted(0, -LABEL_MARGIN, 0, 0)

    assert room.contains(visits_box(CanvasStyle(LIGHT), box, visits))


def test_handles_show_where_to_draw_from(painted: Painted) -> None:
    """One on each side."""
    image = painted(state(StateFace("A"), StateLook(hovered=True, handles=True)))

    for x, y in ((25, 48), (175, 48), (100, 25), (100, 71)):
        assert image.pixelColor(x, y) == LIGHT.surface


def test_from_far_away_a_state_is_a_box_of_one_colour(painted: Painted) -> None:
    """Words and borders could not be told."""
    image = painted(state(StateFace("Cart", caption="words")), detail=Detail.BOXES)

    assert colors(image, BOX.adjusted(1, 1, -1, -1)) == {LIGHT.transition.name()}


def test_small_lines_are_left_out_before_names(painted: Painted) -> None:
    """The lower half is empty then, and the name stands in the middle."""
    image = painted(state(StateFace("Cart", caption="words")), detail=Detail.NAMES)

    assert colors(image, QRectF(40, 58, 120, 10)) == {LIGHT.state_fill.name()}


def test_a_note_of_the_run_stands_in_for_the_caption(painted: Painted) -> None:
    """While the state is active."""
    lower = QRectF(40, 52, 120, 14)
    noted = painted(state(StateFace("Cart"), StateLook(active=True, note="attempt 1")))
    plain = painted(state(StateFace("Cart"), StateLook(active=True)))

    assert len(colors(noted, lower)) > len(colors(plain, lower))


@pytest.mark.parametrize(
    ("zoom", "detail"),
    [(1.0, Detail.FULL), (0.4, Detail.NAMES), (0.3, Detail.COARSE), (0.1, Detail.BOXES)],
)
def test_detail_follows_the_zoom(zoom: float, detail: Detail) -> None:
    """What nobody could read is left out."""
    assert detail_for(zoom) is detail


@pytest.mark.parametrize(
    ("look", "color"),
    [
        (LineLook(), LIGHT.transition),
        (LineLook(selected=True), LIGHT.accent),
        (LineLook(taken=True, selected=True), LIGHT.ok),
        (LineLook(draft=True), LIGHT.accent),
    ],
)
def test_the_colour_of_a_line(look: LineLook, color: QColor) -> None:
    """What was taken outdoes what is selected."""
    assert line_color(look, LIGHT) == color


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_from_far_away_states_stand_out_and_lines_recede(theme: Theme) -> None:
    """Hundreds of lines would else be all there is; what somebody looks at keeps its colour."""
    state, line = far_color(StateLook(), theme), far_line_color(LineLook(), theme)
    ground = theme.canvas.lightnessF()
    assert abs(state.lightnessF() - ground) > 1.5 * abs(line.lightnessF() - ground)

    for look in (LineLook(selected=True), LineLook(taken=True)):
        assert far_line_color(look, theme) == line_color(look, theme)


def test_a_hovered_line_is_stronger() -> None:
    """But of no other colour than grey."""
    assert line_color(LineLook(hovered=True), LIGHT).lightness() < LIGHT.transition.lightness()


def test_an_arrow_ends_in_a_head(painted: Painted) -> None:
    """A filled triangle whose tip is the end."""
    points = ((20.0, 50.0), (180.0, 50.0))
    path, head = rounded_path(points), arrow_head(points)
    image = painted(lambda ink: paint_line(ink, path, head, LineLook()))

    assert image.pixelColor(172, 52) == LIGHT.transition
    assert image.pixelColor(100, 53) == LIGHT.canvas


def test_a_line_without_length_has_no_head() -> None:
    """There is no way it could point."""
    assert arrow_head(((1.0, 1.0), (1.0, 1.0))).isEmpty()


def test_corners_are_rounded() -> None:
    """The corner itself is cut off."""
    path = rounded_path(((0.0, 0.0), (50.0, 0.0), (50.0, 50.0)))

    assert not path.contains(path.boundingRect().topRight())
    assert path.elementCount() > 3
    assert rounded_path(()).isEmpty()


def test_a_line_just_taken_glows(painted: Painted) -> None:
    """And the glow fades with the flash."""
    points = ((20.0, 50.0), (180.0, 50.0))
    path, head = rounded_path(points), arrow_head(points)
    fresh = painted(lambda ink: paint_line(ink, path, head, LineLook(taken=True, flash=1.0)))
    later = painted(lambda ink: paint_line(ink, path, head, LineLook(taken=True)))

    assert fresh.pixelColor(100, 46) != LIGHT.canvas
    assert later.pixelColor(100, 46) == LIGHT.canvas


@pytest.mark.parametrize(
    ("look", "fill"),
    [
        (LineLook(), LIGHT.label_pill),
        (LineLook(selected=True), LIGHT.accent_soft),
        (LineLook(taken=True), LIGHT.ok_soft),
        (LineLook(possible=True), LIGHT.accent_soft),
    ],
)
def test_a_label_is_a_pill(painted: Painted, look: LineLook, fill: QColor) -> None:
    """Its fill tells its look."""
    box = QRectF(40, 40, 100, 20)
    image = painted(lambda ink: paint_label(ink, box, LabelText("pay"), look))

    assert image.pixelColor(120, 50) == fill


def test_a_possible_message_has_the_border_of_a_button(painted: Painted) -> None:
    """Colour is not its only sign."""
    box = QRectF(40.5, 40.5, 100, 20)
    look = LineLook(possible=True)
    image = painted(lambda ink: paint_label(ink, box, LabelText("pay"), look))

    assert LIGHT.accent.name() in colors(image, QRectF(80, 39, 4, 4))


def test_a_delay_shows_a_clock(painted: Painted) -> None:
    """Before its words."""
    box = QRectF(40, 40, 100, 20)
    clock = QRectF(48, 44, 11, 12)
    timed = painted(lambda ink: paint_label(ink, box, LabelText("", timed=True), LineLook()))
    plain = painted(lambda ink: paint_label(ink, box, LabelText(""), LineLook()))

    assert len(colors(timed, clock)) > len(colors(plain, clock))


def test_labels_are_left_out_from_afar(painted: Painted) -> None:
    """Their words could not be read."""
    box = QRectF(40, 40, 100, 20)
    image = painted(
        lambda ink: paint_label(ink, box, LabelText("pay"), LineLook()), detail=Detail.COARSE
    )

    assert colors(image, box) == {LIGHT.canvas.name()}


def test_the_initial_mark_is_a_dot_with_an_arrow(painted: Painted) -> None:
    """Both in the colour of text."""
    image = painted(lambda ink: paint_initial(ink, (40.0, 50.0), (80.0, 50.0)))

    assert image.pixelColor(40, 50) == LIGHT.text
    assert image.pixelColor(75, 50) == LIGHT.text


def test_a_region_is_tinted_and_titled(painted: Painted) -> None:
    """In the pack's colour when it has one."""
    box = QRectF(5, 5, 190, 90)
    plain = painted(lambda ink: paint_region(ink, box, "checkout", None))
    red = painted(lambda ink: paint_region(ink, box, "checkout", QColor("#ff0000")))

    assert plain.pixelColor(150, 70) != LIGHT.canvas
    assert red.pixelColor(150, 70) != plain.pixelColor(150, 70)
    assert len(colors(plain, QRectF(19, 12, 60, 14))) > 1
