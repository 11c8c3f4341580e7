"""What the parts of one window share, handed to each of them instead of being looked up."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QMainWindow

from designer.host.asyncqt import TaskGroupOwner
from designer.host.settings import Settings
from designer.host.trust import TrustStore
from designer.shell.action_set import ActionSet
from designer.shell.appearance import Appearance
from designer.shell.banner import BannerStack
from designer.shell.page_area import PageArea

__all__ = ["Services", "Workbench"]


@dataclass(frozen=True)
class Services:
    """What belongs to the program, and outlives a window.

    Attributes:
        settings: what is remembered.
        trust: whose code may run.
        appearance: light or dark.
    """

    settings: Settings
    trust: TrustStore
    appearance: Appearance


@dataclass(frozen=True)
class Workbench:
    """What belongs to one window.

    Attributes:
        window: the parent of dialogs.
        services: what belongs to the program.
        actions: what the window can do.
        area: the open flows.
        banners: notices about no flow in particular.
        tasks: owns what the window does in the background.
    """

    window: QMainWindow
    services: Services
    actions: ActionSet
    area: PageArea
    banners: BannerStack
    tasks: TaskGroupOwner
