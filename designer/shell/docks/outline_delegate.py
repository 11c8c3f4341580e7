"""Draws the rows of the Outline."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from designer.document.elements import ElementId
from designer.host.theme import LABEL_PX, ROW_HEIGHT, SPACE, Theme, label_font, text_font
from designer.shell.docks.outline_model import ModelIndex, OutlineModel, OutlineRow, RowKind

__all__ = ["OutlineDelegate"]

#: Where a state's mark and its name begin, in px.
MARK_LEFT, NAME_LEFT, TRANSITION_LEFT = 20, 45, 58


class OutlineDelegate(QStyledItemDelegate):
    """Packs as quiet headings, states with a mark that tells what they are."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        #: The state a run is in.
        self.active: ElementId | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Draws one row."""
        model = index.model()
        row = model.row_at(index) if isinstance(model, OutlineModel) else None
        if row is None:
            return

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        if row.kind is RowKind.PACK:
            self._paint_heading(painter, rect, row)
        else:
            self._paint_ground(painter, rect, row, option.state)
            self._paint_row(painter, rect, row)
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: ModelIndex) -> QSize:
        """All rows are alike."""
        return QSize(120, ROW_HEIGHT)

    def _paint_heading(self, painter: QPainter, rect: QRect, row: OutlineRow) -> None:
        painter.setFont(label_font())
        painter.setPen(self.theme.muted)
        inner = rect.adjusted(3 * SPACE, 0, -2 * SPACE, 0)
        text = painter.fontMetrics().elidedText(
            row.text, Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, _LEFT, text)

    def _paint_ground(
        self, painter: QPainter, rect: QRect, row: OutlineRow, state: QStyle.StateFlag
    ) -> None:
        color: QColor | None = None
        if row.id == self.active:
            color = self.theme.ok_soft
        elif state & QStyle.StateFlag.State_Selected:
            color = self.theme.accent_soft
        elif state & QStyle.StateFlag.State_MouseOver:
            color = self.theme.label_pill
        if color is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(rect.adjusted(2 * SPACE, 1, -2 * SPACE, -1), 5, 5)
        if row.id == self.active and state & QStyle.StateFlag.State_Selected:
            painter.setPen(self.theme.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(8.5, 1.5, -8.5, -1.5), 5, 5)

    def _paint_row(self, painter: QPainter, rect: QRect, row: OutlineRow) -> None:
        left = TRANSITION_LEFT if row.kind is RowKind.TRANSITION else NAME_LEFT
        if row.kind is RowKind.STATE:
            self._paint_mark(painter, rect, row)
        inner = rect.adjusted(left, 0, -4 * SPACE, 0)
        note_width = 0
        if row.note and not (row.final and row.note == "final"):
            painter.setFont(label_font())
            painter.setPen(self.theme.muted)
            painter.drawText(inner, _RIGHT, row.note)
            note_width = painter.fontMetrics().horizontalAdvance(row.note) + 2 * SPACE
        painter.setFont(self._font(row))
        painter.setPen(self.theme.text)
        room = inner.adjusted(0, 0, -note_width, 0)
        text = painter.fontMetrics().elidedText(row.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, text)

    def _paint_mark(self, painter: QPainter, rect: QRect, row: OutlineRow) -> None:
        mark = QRectF(rect.left() + MARK_LEFT, rect.center().y() - 4.5, 14, 11)
        active = row.id == self.active
        painter.setPen(self.theme.ok if active else self.theme.state_border)
        painter.setBrush(self.theme.ok if active else self.theme.state_fill)
        painter.drawRoundedRect(mark, 3, 3)
        if row.final:
            painter.setPen(self.theme.surface if active else self.theme.state_border)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(mark.adjusted(2.5, 2.5, -2.5, -2.5), 1.5, 1.5)

    def _font(self, row: OutlineRow) -> QFont:
        font = text_font()
        if row.kind is RowKind.TRANSITION:
            font.setPixelSize(LABEL_PX)
        if row.id == self.active:
            font.setWeight(QFont.Weight.DemiBold)
        return font


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
