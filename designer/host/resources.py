"""Files that come with the designer: icons, themes, examples."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

if TYPE_CHECKING:
    from designer.host.theme import Theme  # which reads its style sheet through this module

__all__ = ["example_flows", "icon", "is_example", "resource_path", "svg_pixmap"]

_PACKAGE = Path(__file__).resolve().parent.parent
_SIZES_PX = (16, 18)
_RATIOS = (1, 2)


@lru_cache(maxsize=1)
def _root() -> Path:
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def resource_path(name: str) -> Path:
    """Where a resource such as ``icons/save.svg`` lies, installed or in a checkout.

    Raises:
        FileNotFoundError: there is no such resource.
    """
    path = _root() / name
    if not path.exists():
        raise FileNotFoundError(f"the resource {name!r} is missing from {_root()}")
    return path


def example_flows() -> tuple[Path, ...]:
    """The flows that come along: configs first, then the packs that no config runs, by name."""
    files = sorted(resource_path("examples").glob("*.yaml"))
    flows = [path for path in files if not path.name.endswith(".scenario.yaml")]
    packs = [path for path in flows if path.name.endswith(".pack.yaml")]
    configs = [path for path in flows if path not in packs]
    covered = {path.name.replace(".yaml", ".pack.yaml") for path in configs}
    return (*configs, *(path for path in packs if path.name not in covered))


def is_example(path: Path) -> bool:
    """Whether a file is one of those examples, which are never written to."""
    return path.resolve().is_relative_to(resource_path("examples").resolve())


def icon(name: str, theme: Theme, color: QColor | None = None) -> QIcon:
    """The icon ``icons/NAME.svg`` in the theme's text colour or the one given; paler off."""
    tints = {
        QIcon.Mode.Normal: (color or theme.text).name(),
        QIcon.Mode.Disabled: theme.border_strong.name(),
    }
    result = QIcon()
    for mode, tint in tints.items():
        for size in _SIZES_PX:
            for ratio in _RATIOS:
                result.addPixmap(svg_pixmap(name, tint, size, ratio), mode)

    return result


def svg_pixmap(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon drawn in one colour, ``size`` px wide on a screen of that pixel ratio."""
    pixmap = QPixmap.fromImage(_picture(name, color, round(size * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@lru_cache(maxsize=1024)
def _picture(name: str, color: str, pixels: int) -> QImage:
    # An image may outlive the application, which a pixmap must not.
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", color).encode()))
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    text = resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    # 1.6 px at 18 px, where the file's 24 units make 18 px.
    return text.replace('stroke-width="2"', 'stroke-width="2.13"')
