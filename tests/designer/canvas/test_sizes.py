"""Sizes of states and labels."""

from designer.canvas.captions import LabelText, StateFace
from designer.canvas.sizes import (
    LABEL_HEIGHT,
    LABEL_MAX_WIDTH,
    LABEL_PADDING,
    STATE_MAX_WIDTH,
    STATE_MIN_WIDTH,
    label_size,
    part_widths,
    state_size,
)
from designer.canvas.style import TextRole


class SevenPx:
    """Every letter is seven px wide."""

    def width(self, role: TextRole, text: str) -> float:
        return 7.0 * len(text)


def test_most_states_are_equally_wide() -> None:
    """Short names and names that just fit."""
    assert state_size(StateFace("A"), SevenPx()) == (STATE_MIN_WIDTH, 46)
    assert state_size(StateFace("ABCDEFGHIJKLM"), SevenPx())[0] == STATE_MIN_WIDTH


def test_a_long_name_widens_its_state_up_to_a_limit() -> None:
    """Beyond it the name is shortened."""
    assert state_size(StateFace("A" * 22), SevenPx())[0] == 190
    assert state_size(StateFace("A" * 90), SevenPx())[0] == STATE_MAX_WIDTH


def test_a_long_description_widens_its_state_only_a_little() -> None:
    """It is shortened earlier than a name."""
    assert state_size(StateFace("A", caption="b" * 200), SevenPx())[0] == 190


def test_marks_of_actions_have_room() -> None:
    """A name never runs into them."""
    plain = state_size(StateFace("A" * 16), SevenPx())
    marked = state_size(StateFace("A" * 16, entry=True), SevenPx())

    assert marked[0] > plain[0]


def test_a_label_is_as_wide_as_its_words() -> None:
    """With padding on both sides and gaps between the parts."""
    size = label_size(LabelText("pay", guard="[ok]"), SevenPx())

    assert size == (21 + 4 + 28 + 2 * LABEL_PADDING, LABEL_HEIGHT)


def test_a_delay_has_room_for_its_clock() -> None:
    """Before the words."""
    plain, timed = LabelText("after 1s"), LabelText("after 1s", timed=True)

    assert label_size(timed, SevenPx())[0] > label_size(plain, SevenPx())[0]


def test_long_labels_give_way_from_the_end() -> None:
    """The message last of all."""
    label = LabelText("m" * 20, guard="g" * 20, actions="a" * 20)
    head, guard, actions = part_widths(label, SevenPx())

    assert head == 140
    assert guard < 140
    assert actions == 44
    assert head + guard + actions <= LABEL_MAX_WIDTH


def test_an_endless_message_is_shortened_too() -> None:
    """A label never crosses the whole canvas."""
    assert sum(part_widths(LabelText("m" * 300), SevenPx())) <= LABEL_MAX_WIDTH


def test_a_label_without_words_can_still_be_clicked() -> None:
    """It keeps a least width."""
    assert label_size(LabelText(""), SevenPx())[0] == 28
