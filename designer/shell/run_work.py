"""What the Run menu does: run, pause, step, stop, speed; and the trust that code needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from designer.run.controller import RunPhase, Speed
from designer.shell.notices import Choice, Notice, Severity, notice_for
from designer.shell.page import FlowPage
from designer.shell.run_meaning import code_in
from designer.shell.workbench import Workbench
from flexiflow.errors import FlexiFlowError

__all__ = ["RunWork"]

_TRUST, _DIFFERS, _FAILED = "trust", "differs", "run"
_NOTHING = Notice(
    "Nothing to run yet",
    "This flow has no state.",
    "Double-click the canvas to add one: a flow starts in its first state.",
    severity=Severity.INFO,
    key=_FAILED,
)
_SPEEDS = {"speed.real": Speed.REAL, "speed.ten": Speed.TENFOLD, "speed.max": Speed.FASTEST}


class RunWork(QObject):
    """Drives the runs of the pages.

    Signals:
        speed_changed(object): another Speed was chosen.
        send_wanted(): a person wants to compose a message.
    """

    speed_changed = Signal(object)
    send_wanted = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._speed = Speed.REAL
        self._followed: dict[FlowPage, list[tuple[Any, Callable[..., None]]]] = {}

    @property
    def speed(self) -> Speed:
        """How fast time passes in runs."""
        return self._speed

    def handlers(self) -> Mapping[str, Callable[..., Any]]:
        """What each action of the Run menu calls."""
        speeds = {action_id: partial(self._on_speed, speed) for action_id, speed in _SPEEDS.items()}
        return {
            "run.start": self._on_start,
            "run.pause": self._on_pause,
            "run.step": self._on_step,
            "run.stop": self._on_stop,
            "run.send": self.send_wanted.emit,
            "flow.trust": self._on_trust,
            **speeds,
        }

    def set_speed(self, speed: Speed) -> None:
        """Lets time pass at another speed, in what runs too."""
        if speed is self._speed:
            return
        self._speed = speed
        for page in self._bench.area.pages:
            page.run.set_speed(speed)
        self.speed_changed.emit(speed)

    def follow(self, page: FlowPage) -> None:
        """Tells a person about a page's run in its banners from now on."""
        links: list[tuple[Any, Callable[..., None]]] = [
            (page.run.failed, partial(self._on_failed, page)),
            (page.showing.meaning_changed, partial(self._on_meaning, page)),
        ]
        for signal, slot in links:
            signal.connect(slot)
        self._followed[page] = links

    def unfollow(self, page: FlowPage) -> None:
        """Tells about the page no longer."""
        for signal, slot in self._followed.pop(page, []):
            signal.disconnect(slot)

    async def start(self, page: FlowPage, *, database: Path | None = None) -> bool:
        """Runs the flow as it is on the canvas; one that runs is stopped first.

        Args:
            page: whose flow.
            database: where snapshots go; the page's own place when not given.

        Returns:
            whether it runs now; if not, a banner says why, or asks for trust.
        """
        content = page.document.content
        if not content.states and content.flow.initial is None:
            page.banners.show_notice(_NOTHING)
            return False

        code = code_in(content)
        trusted = self._bench.services.trust.is_trusted(page.base_dir)
        if code and not trusted and not await self._ask_for_trust(page, code):
            return False

        page.banners.dismiss(_FAILED)
        page.banners.dismiss(_DIFFERS)
        await page.run.stop()
        try:
            await page.run.start(
                content,
                name=page.title,
                base_dir=page.base_dir,
                database=database or page.database,
                trust=bool(code),
                speed=self._speed,
            )
        except FlexiFlowError as error:
            self._on_failed(page, error)
            return False
        return True

    # -- actions ---------------------------------------------------------------------------

    def _on_start(self) -> None:
        if (page := self._bench.area.current) is not None:
            self._bench.tasks.start(self.start(page), name="starting a run")

    def _on_pause(self, held: bool) -> None:
        if (page := self._bench.area.current) is None:
            return
        if held:
            page.run.pause()
        else:
            page.run.resume()

    def _on_step(self) -> None:
        if (page := self._bench.area.current) is not None:
            self._bench.tasks.start(page.run.step(), name="stepping")

    def _on_stop(self) -> None:
        if (page := self._bench.area.current) is not None:
            self._bench.tasks.start(page.run.stop(), name="stopping a run")

    def _on_speed(self, speed: Speed, *_: object) -> None:
        self.set_speed(speed)

    def _on_trust(self, trusted: bool) -> None:
        if (page := self._bench.area.current) is not None:
            store = self._bench.services.trust
            (store.trust if trusted else store.revoke)(page.base_dir)

    # -- telling ---------------------------------------------------------------------------

    async def _ask_for_trust(self, page: FlowPage, code: tuple[str, ...]) -> bool:
        named = ", ".join(code[:3]) + (f" and {len(code) - 3} more" if len(code) > 3 else "")
        answer = await page.banners.ask(
            Notice(
                "This flow names Python code",
                f"{named} would be imported and run, with all that you may do yourself.",
                f"Trust {page.base_dir} only when you know where its files come from.",
                severity=Severity.WARNING,
                choices=(Choice("trust", "Trust this folder and run", primary=True),),
                key=_TRUST,
            )
        )
        if answer != "trust":
            return False
        self._bench.services.trust.trust(page.base_dir)
        return True

    def _on_failed(self, page: FlowPage, error: BaseException) -> None:
        page.banners.show_notice(notice_for(error, what="The run failed", key=_FAILED))

    def _on_meaning(self, page: FlowPage, differs: bool) -> None:
        if not differs:
            page.banners.dismiss(_DIFFERS)
            return
        self._bench.tasks.start(self._offer_restart(page), name="offering a restart")

    async def _offer_restart(self, page: FlowPage) -> None:
        answer = await page.banners.ask(
            Notice(
                "The run goes on with the flow as it was when it started",
                "What you changed since then counts from the next start.",
                severity=Severity.INFO,
                choices=(Choice("restart", "Restart"),),
                key=_DIFFERS,
            )
        )
        if answer == "restart" and page.run.phase is not RunPhase.STOPPING:
            await self.start(page)
