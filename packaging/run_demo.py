"""``make run``: the designer on the order flow.

Without a display, the same flow is played into ``build/demo`` instead.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "resources" / "examples"
DEMO = ROOT / "build" / "demo"


def main() -> int:
    """Starts the window, or plays the scenario; returns the exit code."""
    flow = EXAMPLES / "order.yaml"
    if has_display():
        return subprocess.run(
            [sys.executable, "-m", "designer", flow], cwd=ROOT, check=False
        ).returncode

    print(
        "No display here: playing resources/examples/order.scenario.yaml headless instead.",
        flush=True,
    )
    DEMO.mkdir(parents=True, exist_ok=True)
    written = {
        "--screenshot": DEMO / "order.png",
        "--events": DEMO / "order.events.jsonl",
        "--snapshots": DEMO / "order.snapshots.db",
    }
    for path in written.values():
        path.unlink(missing_ok=True)

    arguments = [part for option in written.items() for part in option]
    scenario = EXAMPLES / "order.scenario.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "designer", "--play", scenario, *arguments, flow],
        cwd=ROOT,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    missing = [path.name for path in written.values() if not path.exists()]
    if done.returncode == 0 and missing:
        print(f"The play ended well but did not write {', '.join(missing)}.")
        return 1
    if done.returncode == 0:
        print("Played. See:")
        for path in written.values():
            print(f"  {path.relative_to(ROOT)}")
    return done.returncode


def has_display() -> bool:
    """Whether a window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
