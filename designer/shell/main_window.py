"""The window: it puts the parts together and does nothing by itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from designer.host.asyncqt import TaskGroupOwner
from designer.host.resources import example_flows, resource_path
from designer.host.theme import Theme
from designer.run.event_log import EventRow
from designer.shell.action_set import ActionSet, key_texts
from designer.shell.actions import ACTIONS
from designer.shell.availability import Availability
from designer.shell.banner import BannerStack
from designer.shell.disk_watch import DiskWatch
from designer.shell.dock_area import DockArea
from designer.shell.docks.event_log import EventLogDock
from designer.shell.docks.messages import MessagesDock
from designer.shell.docks.outline import OutlineDock
from designer.shell.docks.properties import PropertiesDock
from designer.shell.docks.rules import RulesDock
from designer.shell.docks.snapshots import SnapshotsDock
from designer.shell.edit_work import EditWork
from designer.shell.file_work import FileWork
from designer.shell.help_work import HelpWork
from designer.shell.menus import FileMenu, build_menus, build_toolbar
from designer.shell.notices import notice_for
from designer.shell.page import FlowPage
from designer.shell.page_area import PageArea
from designer.shell.problem_menu import ProblemMenu
from designer.shell.run_work import RunWork
from designer.shell.status import StatusBar
from designer.shell.toolbar_parts import SearchButton, SearchRoom, SpeedBox
from designer.shell.view_work import ViewWork
from designer.shell.welcome import WelcomePage
from designer.shell.workbench import Services, Workbench

__all__ = ["MainWindow"]

FIRST_SIZE = QSize(1440, 900)


class MainWindow(QMainWindow):
    """One window of the designer.

    Signals:
        close_requested(): a person wants to close it; whoever owns it decides.

    Attributes:
        files, edits, runs, views, help: what the menus do.
        docks: what stands around the canvas; outline, event_log and messages are among it.
        area: the open flows.
    """

    close_requested = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        theme = services.appearance.theme
        self.tasks = TaskGroupOwner("window")
        self.action_set = ActionSet(self, theme)
        self.welcome = WelcomePage(theme, example_flows())
        self.area = PageArea(self.welcome)
        self.banners = BannerStack(theme)
        self.bench = Workbench(self, services, self.action_set, self.area, self.banners, self.tasks)
        self.outline = OutlineDock(theme)
        self.properties = PropertiesDock(theme)
        self.event_log = EventLogDock(theme)
        self.messages = MessagesDock(theme)
        self.docks = DockArea(
            self,
            (
                self.outline,
                self.properties,
                RulesDock(theme),
                self.event_log,
                SnapshotsDock(theme),
                self.messages,
            ),
        )
        self.files = FileWork(self.bench)
        self.edits = EditWork(self.bench)
        self.runs = RunWork(self.bench)
        self.views = ViewWork(self.bench, self.docks)
        self.help = HelpWork(self.bench)
        self.watch = DiskWatch(
            self.tasks,
            reload=self.files.reload,
            is_saving=self.files.saving.is_saving,
            parent=self,
        )
        self.status = StatusBar(theme)
        self.available = Availability(self.action_set, self.edits.undo_group, services.trust, self)
        self._build()
        self._wire()

    @property
    def page(self) -> FlowPage | None:
        """The flow that is shown, or None."""
        return self.area.current

    def show_error(self, error: BaseException) -> None:
        """Tells of an error that nobody caught."""
        self.banners.show_notice(notice_for(error, key="fault"))

    def remember(self) -> None:
        """Stores where the window and its docks stand."""
        settings = self.services.settings
        settings.geometry = bytes(self.saveGeometry().data())
        settings.layout = self.docks.state()
        settings.save()

    def recall(self) -> None:
        """Puts window and docks where they stood; at the first start, where they stand at first."""
        settings = self.services.settings
        if not settings.geometry or not self.restoreGeometry(settings.geometry):
            self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        self.docks.restore(settings.layout)

    async def close_down(self) -> None:
        """Ends everything the window owns, in reverse order; it is of no use afterwards."""
        await self.files.close_all()
        self.watch.stop()
        self.banners.dismiss_all()
        await self.tasks.close()
        self.status.stop()
        self.docks.stop()
        self.services.appearance.theme_changed.disconnect(self._on_theme)
        self.hide()

    # -- assembly --------------------------------------------------------------------------

    def _build(self) -> None:
        self.setWindowTitle("FlexiFlow Designer")
        self.setAccessibleName("FlexiFlow Designer")
        self.setWindowIcon(QIcon(str(resource_path("icons/flexiflow-designer.svg"))))
        self.setAcceptDrops(True)
        self.setStatusBar(self.status)
        middle = QWidget()
        middle.setAccessibleName("Flows")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banners)
        column.addWidget(self.area, 1)
        self.setCentralWidget(middle)
        self._build_menus()
        self._build_toolbar()
        self.resize(FIRST_SIZE)

    def _build_menus(self) -> None:
        self.menuBar().setAccessibleName("Menus")
        menus = build_menus(self.menuBar(), self.action_set)
        recent = FileMenu(
            "Open recent",
            self._recent_files,
            self._open,
            empty="No files yet",
            parent=self,
        )
        examples = FileMenu(
            "Open an example", example_flows, self._open, empty="None came along", parent=self
        )
        save = self.action_set.action_for("file.save")
        menus["File"].insertMenu(save, recent)
        menus["File"].insertMenu(save, examples)

    def _build_toolbar(self) -> None:
        find = self.action_set.action_for
        palette = next(spec for spec in ACTIONS if spec.id == "help.palette")
        speeds = [find(name) for name in ("speed.real", "speed.ten", "speed.max")]
        search = SearchButton(palette.name, key_texts(palette)[0], self.help.palette.open)
        build_toolbar(self, self.action_set, [SpeedBox(speeds), SearchRoom(search)])

    def _wire(self) -> None:
        for _spec, action in self.action_set.iter_specs():
            action.triggered.connect(self.properties.commit)  # first, so that it is saved and run
        for work in (self.files, self.edits, self.runs, self.views, self.help):
            self.action_set.connect(work.handlers())
        self.action_set.connect({"file.quit": self.close, "edit.find": self.outline.start_search})
        self.area.page_added.connect(self._on_page_added)
        self.area.page_removed.connect(self._on_page_removed)
        self.area.current_changed.connect(self._on_current)
        self.area.close_wanted.connect(self.files.close_soon)
        self.welcome.new_wanted.connect(self.files.new_flow)
        self.welcome.open_wanted.connect(self.action_set.action_for("file.open").trigger)
        self.welcome.file_chosen.connect(self._open)
        self.welcome.example_chosen.connect(self._open)
        self.welcome.example_run_wanted.connect(self._on_example_run_wanted)
        self.banners.focus_lost.connect(self._focus_middle)
        self.files.progress.connect(self.status.say)
        self.edits.progress.connect(self.status.say)
        self.runs.speed_changed.connect(self.available.show_speed)
        self.runs.send_wanted.connect(self._on_send_wanted)
        self.status.problems_clicked.connect(self._on_problems)
        self.event_log.row_chosen.connect(self._on_event_chosen)
        self.services.appearance.theme_changed.connect(self._on_theme)
        self.available.show_speed(self.runs.speed)
        self._on_current()

    # -- what happens ----------------------------------------------------------------------

    def _on_page_added(self, page: FlowPage) -> None:
        self.edits.follow(page)
        self.runs.follow(page)
        self.watch.follow(page)
        page.run.set_speed(self.runs.speed)
        page.view.edit_refused.connect(self.status.say)
        page.message_wanted.connect(self._on_message_wanted)
        page.banners.focus_lost.connect(self._focus_middle)
        page.changed.connect(self._show_title)

    def _on_page_removed(self, page: FlowPage) -> None:
        self.edits.unfollow(page)
        self.runs.unfollow(page)
        self.watch.unfollow(page)
        page.view.edit_refused.disconnect(self.status.say)
        page.message_wanted.disconnect(self._on_message_wanted)
        page.banners.focus_lost.disconnect(self._focus_middle)
        page.changed.disconnect(self._show_title)

    def _on_current(self) -> None:
        page = self.page
        self.edits.bind(page)
        self.available.bind(page)
        self.docks.bind(page)
        self.status.bind(page)
        self.welcome.set_recent(self._recent_files())
        self._show_title()
        self._focus_middle()

    def _focus_middle(self) -> None:
        """Gives the keyboard to the canvas, or to the way to a first flow."""
        (self.welcome if self.page is None else self.page.view).setFocus()

    def _show_title(self) -> None:
        name = f"{self.page.title}[*]" if self.page is not None else ""
        self.setWindowTitle(f"{name} - FlexiFlow Designer" if name else "FlexiFlow Designer")
        self.setWindowModified(self.page is not None and self.page.modified)

    def _on_theme(self, theme: Theme) -> None:
        self.action_set.set_theme(theme)
        self.docks.set_theme(theme)
        self.welcome.set_theme(theme)
        self.banners.set_theme(theme)
        self.status.set_theme(theme)
        for page in self.area.pages:
            page.set_theme(theme)

    def _recent_files(self) -> list[Path]:
        return [path for path in self.services.settings.recent_files if path.is_file()]

    def _open(self, path: Path) -> None:
        self.files.open_soon([path])

    def _on_example_run_wanted(self, path: Path) -> None:
        self.tasks.start(self._open_and_run(path), name="running an example")

    async def _open_and_run(self, path: Path) -> None:
        page = await self.files.open_path(path)
        if page is not None:
            await self.runs.start(page)

    def _on_message_wanted(self) -> None:
        self.docks.show_dock("messages")

    def _on_send_wanted(self) -> None:
        self.docks.show_dock("messages")
        self.messages.focus_form()

    def _on_event_chosen(self, row: EventRow) -> None:
        state = self.page.document.find_state(row.state) if self.page and row.state else None
        if self.page is not None and state is not None:
            self.page.show_elements([state.id])

    def _on_problems(self) -> None:
        if self.page is not None:
            menu = ProblemMenu(self.page, self.services.appearance.theme, self)
            corner = self.status.mapToGlobal(QPoint(self.status.width(), 0))
            size = menu.sizeHint()
            menu.popup(corner - QPoint(size.width(), size.height()))

    # -- Qt --------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing takes awaits, so it is asked for and done by the one who owns the window."""
        event.ignore()
        self.close_requested.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens the files that were dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.files.open_soon(paths)
