"""Makes the project's own environment in ``.venv``: ``python packaging/environment.py EXTRA...``.

Run by the Makefile with any Python from 3.11 on. It makes ``.venv`` if it is missing or belongs to
another Python, installs the project with the extras named unless they are there already, and looks
for the system libraries that Qt needs. It does nothing, fast, when all of that is so already.
"""

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "installed.json"
OLDEST = (3, 11)

#: What `import PySide6.QtWidgets` and the offscreen platform load: library -> Debian package.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
}
#: What a window on an X11 display loads besides.
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}


def main(extras: list[str]) -> int:
    """Brings the environment up to date; returns the exit code."""
    if sys.version_info < OLDEST:
        needed, found = ".".join(map(str, OLDEST)), sys.version.split()[0]
        print(f"FlexiFlow needs Python {needed} or newer; this is {found}.")
        print("Name another one: make run PYTHON=python3.12")
        return 1

    if not is_ours():
        make()
    if missing_extras(extras):
        install(extras)
    return system_libraries() if "designer" in extras else 0


def environment_python() -> Path:
    """The environment's interpreter."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_ours() -> bool:
    """Whether ``.venv`` is whole, stands where it was made, and belongs to this Python."""
    if not environment_python().exists():
        return False
    asked = "import sys; print(sys.prefix, sys.version_info[:3], sep='|')"
    found = subprocess.run(
        [environment_python(), "-c", asked], capture_output=True, text=True, check=False
    ).stdout.strip()
    return found == f"{ENVIRONMENT}|{tuple(sys.version_info[:3])}"


def make() -> None:
    """Makes ``.venv`` anew. Debian's bare python3 has no ensurepip, so pip is not asked for."""
    print(f"Making .venv with Python {sys.version.split()[0]} ...", flush=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    venv.create(ENVIRONMENT, with_pip=False, symlinks=os.name != "nt")


def stamp_now() -> str:
    """What the installed packages depend on: the project file, and where the checkout stands."""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + bytes(ROOT)).hexdigest()


def missing_extras(extras: list[str]) -> list[str]:
    """Those extras that are not installed as ``pyproject.toml`` now says."""
    try:
        installed = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return extras
    if installed["stamp"] != stamp_now():
        return extras
    return [extra for extra in extras if extra not in installed["extras"]]


def install(extras: list[str]) -> None:
    """Installs the project, editable, with the extras asked for and those already there."""
    wanted = sorted(set(extras) | set(installed_extras()))
    print(f"Installing flexiflow[{','.join(wanted)}] into .venv ...", flush=True)
    command = [sys.executable, "-m", "pip", "--python", str(environment_python())]
    options = ["install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *options, "--editable", f"{ROOT}[{','.join(wanted)}]"], check=True)
    STAMP.write_text(json.dumps({"stamp": stamp_now(), "extras": wanted}), encoding="utf-8")


def installed_extras() -> list[str]:
    """The extras of the last installation."""
    try:
        return list(json.loads(STAMP.read_text(encoding="utf-8"))["extras"])
    except (OSError, ValueError, KeyError):
        return []


def system_libraries() -> int:
    """Names the missing system libraries and the command that installs them.

    As root, or with INSTALL=1 in the environment, that command is run.
    """
    packages = missing_packages()
    if not packages:
        return 0

    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = ["apt-get", "install", "-y", *packages]
    shown = " ".join(command if as_root else ["sudo", *command])
    print(
        f"Qt needs system libraries that are not here. This installs them:\n  {shown}", flush=True
    )
    if not shutil.which("apt-get"):
        print("(Debian's names; on other systems the packages are called much the same.)")
        return 1
    if not as_root and os.environ.get("INSTALL") != "1":
        print("Or let make do it: make run INSTALL=1")
        return 1

    prefix = [] if as_root else ["sudo"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "-qq"], check=False, env=quiet)
    done = subprocess.run(
        [*prefix, *command, "-qq"], check=False, env=quiet, stdout=subprocess.DEVNULL
    )
    return 1 if done.returncode or missing_packages() else 0


def missing_packages() -> list[str]:
    """Debian packages of the libraries that Qt could not load here; none off Linux."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = dict(QT_LIBRARIES)
    if os.environ.get("DISPLAY"):
        wanted.update(X11_LIBRARIES)
    return [package for library, package in wanted.items() if not loads(library)]


def loads(library: str) -> bool:
    """Whether the system's loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
