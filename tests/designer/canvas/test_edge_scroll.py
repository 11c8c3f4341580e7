"""How far the view goes for a hand at its edge."""

import pytest
from PySide6.QtCore import QPoint, QRect

from designer.canvas.edge_scroll import edge_step

AREA = QRect(0, 0, 400, 300)


@pytest.mark.parametrize(
    ("hand", "way"),
    [
        (QPoint(200, 150), QPoint(0, 0)),
        (QPoint(0, 150), QPoint(-10, 0)),
        (QPoint(500, 150), QPoint(16, 0)),
        (QPoint(200, -90), QPoint(0, -16)),
        (QPoint(390, 295), QPoint(5, 8)),
    ],
)
def test_the_further_out_the_faster(hand: QPoint, way: QPoint) -> None:
    """Up to a limit; inside, not at all."""
    assert edge_step(hand, AREA) == way
