"""How large states and labels are drawn: pure functions of their words, in px."""

from __future__ import annotations

import math

from designer.canvas.captions import LabelText, StateFace
from designer.canvas.style import TextRole, TextWidths

__all__ = [
    "CLOCK_WIDTH",
    "LABEL_HEIGHT",
    "LABEL_MAX_WIDTH",
    "LABEL_PADDING",
    "PART_GAP",
    "STATE_HEIGHT",
    "STATE_MAX_WIDTH",
    "STATE_MIN_WIDTH",
    "label_size",
    "part_widths",
    "state_size",
]

Size = tuple[float, float]

STATE_HEIGHT = 46.0
STATE_MIN_WIDTH = 150.0
STATE_MAX_WIDTH = 310.0
#: Widths grow by this, so that most states of a flow are equally wide.
STATE_STEP = 40.0
NAME_PADDING = 16.0
#: Room on both sides for the marks of entry and exit actions.
BADGE_PADDING = 26.0
#: A description never makes a state wider than this; what is longer is shortened.
CAPTION_MAX_WIDTH = 158.0

LABEL_HEIGHT = 20.0
LABEL_PADDING = 9.0
LABEL_MAX_WIDTH = 250.0
#: An arrow without any words still has a place to click.
LABEL_MIN_WIDTH = 28.0
#: The clock before a delay, with its gap.
CLOCK_WIDTH = 15.0
#: Between message, guard and actions.
PART_GAP = 4.0
#: What a shortened guard or list of actions keeps at least.
PART_MIN_WIDTH = 44.0


def state_size(face: StateFace, widths: TextWidths) -> Size:
    """Width and height of a state."""
    padding = BADGE_PADDING if face.entry or face.exit else NAME_PADDING
    name = widths.width(TextRole.NAME, face.name) + 2 * padding
    caption = min(widths.width(TextRole.CAPTION, face.caption), CAPTION_MAX_WIDTH) + 2 * padding
    wanted = max(STATE_MIN_WIDTH, name, caption if face.caption else 0.0)
    steps = math.ceil((wanted - STATE_MIN_WIDTH) / STATE_STEP - 1e-6)
    return (min(STATE_MIN_WIDTH + steps * STATE_STEP, STATE_MAX_WIDTH), STATE_HEIGHT)


def label_size(label: LabelText, widths: TextWidths) -> Size:
    """Width and height of a transition's pill."""
    parts = part_widths(label, widths)
    inner = sum(parts) + PART_GAP * max(len(parts) - 1, 0)
    clock = CLOCK_WIDTH if label.timed else 0.0
    return (max(math.ceil(inner + clock + 2 * LABEL_PADDING), LABEL_MIN_WIDTH), LABEL_HEIGHT)


def part_widths(label: LabelText, widths: TextWidths) -> tuple[float, ...]:
    """The room each part of a label gets; where it is too long, its end gives way first."""
    wanted = [widths.width(TextRole.LABEL, part) for part in label.parts]
    over = sum(wanted) - LABEL_MAX_WIDTH
    for index in reversed(range(len(wanted))):
        if over > 0:
            least = min(wanted[index], PART_MIN_WIDTH if index else 2 * PART_MIN_WIDTH)
            given = min(over, wanted[index] - least)
            wanted[index] -= given
            over -= given
    return tuple(wanted)
