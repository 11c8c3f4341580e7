"""The pill on a transition; in a run, a button while its message can be taken."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from designer.canvas.captions import LabelText
from designer.canvas.items.box_item import BoxItem
from designer.canvas.line_painting import LineLook, paint_label
from designer.canvas.style import CanvasStyle, Ink, detail_for
from designer.document.elements import ElementId

__all__ = ["LabelItem"]

Z_LABEL = 5.0
Z_STRONG = 6.0


class LabelItem(BoxItem):
    """The label of the transition whose id it carries; its position is its centre."""

    #: Room for the border.
    margin = 3.0

    def __init__(self, element_id: ElementId, style: CanvasStyle) -> None:
        super().__init__(element_id, style)
        self.label = LabelText(head="")
        self.look = LineLook()
        self.setZValue(Z_LABEL)

    def set_label(self, label: LabelText, tool_tip: str) -> None:
        """Changes what it says."""
        if label != self.label:
            self.label = label
            self.update()
        if tool_tip != self.toolTip():
            self.setToolTip(tool_tip)

    def set_look(self, look: LineLook) -> None:
        """Changes how it looks at this moment."""
        if look != self.look:
            self.look = look
            self.setZValue(Z_LABEL if look == LineLook() else Z_STRONG)
            self.update()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 (Qt's signature)
        widget: QWidget | None = None,  # noqa: ARG002 (Qt's signature)
    ) -> None:
        """Draws it in the detail the zoom can show."""
        ink = Ink(painter, self._style, detail_for(painter.worldTransform().m11()))
        paint_label(ink, self._box, self.label, self.look)
