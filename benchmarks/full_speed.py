"""How the window fares while a flow runs at full speed: python benchmarks/full_speed.py [MESSAGES].

The whole window, with the order of the docks as at the first start, runs a flow of two states as
fast as possible. Told are messages per second, how often the canvas and the event log were painted
and the longest time they were not, how long stopping takes in the middle of a flood, memory,
and whether every change of state is in the database.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from designer.app import DesignerApp, make_application
from designer.host.asyncqt import run
from designer.host.settings import Settings
from designer.run.controller import RunController, Speed
from designer.shell.main_window import MainWindow
from designer.shell.page import FlowPage
from tests.helpers.paints import PaintCounter
from tests.helpers.runs import PINGPONG

ROUNDS = 3


class FullSpeed:
    """One measurement in one window."""

    def __init__(self, folder: Path, messages: int) -> None:
        self._folder = folder
        self._messages = messages

    async def __call__(self, window: MainWindow) -> int:
        """Measures, prints, and returns the exit code."""
        path = self._folder / "pingpong.pack.yaml"
        path.write_text(PINGPONG, encoding="utf-8")
        window.resize(1440, 900)
        page = await window.files.load_page(path)
        page.scene.animations = False
        await self._start(page)
        await asyncio.sleep(0.5)
        complete = [await self._round(window, page) for _ in range(ROUNDS)]
        await self._stop_in_a_flood(page.run)
        return 0 if all(complete) else 1

    async def _start(self, page: FlowPage) -> None:
        await page.run.start(
            page.document.content,
            name="pingpong",
            base_dir=self._folder,
            database=self._folder / "pingpong.db",
            speed=Speed.FASTEST,
        )

    async def _round(self, window: MainWindow, page: FlowPage) -> bool:
        before = page.run.store.stored_count
        painted = {
            "canvas": PaintCounter(page.view.viewport()),
            "event log": PaintCounter(window.event_log.table.viewport()),
        }
        begin = time.perf_counter()
        page.run.send_many({"type": "hit"} for _ in range(self._messages))
        await page.run.idle()
        seconds = time.perf_counter() - begin
        for counter in painted.values():
            counter.stop()
        await page.run.store.flush()
        print(f"{self._messages:,} messages in {seconds:.2f} s: {self._messages / seconds:,.0f}/s")
        for name, counter in painted.items():
            gaps = [gap * 1000 for gap in counter.gaps()]
            mean = sum(gaps) / len(gaps)
            print(
                f"  {name}: painted {counter.count} times, every {mean:.0f} ms; "
                f"longest gaps {gaps[0]:.0f}, {gaps[1]:.0f}, {gaps[2]:.0f} ms"
            )
        log = page.run.log
        stored = page.run.store.stored_count - before
        print(f"  log: {len(log):,} rows kept, {log.dropped:,} let go; memory {_memory():,} MB")
        print(f"  stored: {stored:,} of {self._messages:,} changes of state")
        return stored == self._messages

    async def _stop_in_a_flood(self, controller: RunController) -> None:
        controller.send_many({"type": "hit"} for _ in itertools.count())
        await asyncio.sleep(1)
        begin = time.perf_counter()
        await controller.stop()
        took = time.perf_counter() - begin
        connection = sqlite3.connect(self._folder / "pingpong.db")
        count = connection.execute("SELECT count(*) FROM flexiflow_snapshots").fetchone()[0]
        connection.close()
        print(f"stopped in the middle of a flood in {took * 1000:.0f} ms")
        print(f"in the database: {count:,}; said to be stored: {controller.store.stored_count:,}")


def _memory() -> int:
    """What the process has in memory now, in MB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def main() -> int:
    """Opens the window and measures."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    application = make_application(sys.argv[:1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = DesignerApp(application, settings=Settings(folder / "settings"))
        return run(lambda: app.run(performance=FullSpeed(folder, messages)))


if __name__ == "__main__":
    sys.exit(main())
