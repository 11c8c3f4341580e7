"""Shows that the engine runs by itself: ``python packaging/check_library_alone.py``.

Part of ``make test``. Installs the project without extras into an environment of its own under
``build/``, as somebody would who wants the library alone. There, with neither Qt nor any other
optional package, every module of ``flexiflow`` is imported, the order flow is played by its
scenario, and the installation diagnoses itself. Once that went well it is not done again until
``pyproject.toml``, the library or the flow has changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALONE = ROOT / "build" / "library-alone"
STAMP = ALONE / "went-well"
EXAMPLES = ROOT / "resources" / "examples"
FLOW = EXAMPLES / "order.yaml"
SCENARIO = EXAMPLES / "order.scenario.yaml"

#: What is looked at in there; prints what is wrong and ends with 1, or nothing.
LOOK = """
import importlib.metadata, importlib.util, pkgutil, sys
unwanted = ("PySide6", "qasync", "fastapi", "networkx")
wrong = [name for name in unwanted if importlib.util.find_spec(name)]
installed = {one.name.lower() for one in importlib.metadata.distributions()}
wrong += sorted(installed - {"flexiflow", "pyyaml"})
import flexiflow
if not flexiflow.__file__.startswith(sys.prefix):
    wrong.append(flexiflow.__file__)
for module in pkgutil.walk_packages(flexiflow.__path__, "flexiflow."):
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        if error.name not in OPTIONAL.get(module.name.partition("_")[0], ()):
            raise
if wrong:
    sys.exit("Not alone: " + ", ".join(wrong))
"""
#: Modules that are imported only where an extra is, by how their names begin, and what they want.
OPTIONAL = {"flexiflow.api": ("fastapi", "starlette")}


def main() -> int:
    """Installs and looks, unless nothing has changed; returns the exit code."""
    stamp = stamp_now()
    if went_well(stamp):
        return 0

    print("Installing the library alone into build/library-alone ...", flush=True)
    shutil.rmtree(ALONE, ignore_errors=True)
    try:
        install()
        look()
    except subprocess.CalledProcessError as error:
        print(f"The library does not run by itself: {describe(error)}")
        return 1

    STAMP.write_text(stamp, encoding="utf-8")
    print("The library runs by itself, without Qt.")
    return 0


def stamp_now() -> str:
    """What the answer depends on: the interpreter, the place, and every file that is used."""
    facts = hashlib.sha256(f"{sys.version}|{ROOT}".encode())
    for path in files():
        facts.update(f"|{path.relative_to(ROOT).as_posix()}|".encode() + path.read_bytes())
    return facts.hexdigest()


def files() -> list[Path]:
    """The files that are used."""
    library = [path for path in (ROOT / "flexiflow").rglob("*") if path.suffix in {".py", ".typed"}]
    example = [FLOW, SCENARIO, EXAMPLES / "order.pack.yaml"]
    return [ROOT / "pyproject.toml", Path(__file__).resolve(), *example, *sorted(library)]


def went_well(stamp: str) -> bool:
    """Whether it went well with the very same files."""
    return STAMP.exists() and STAMP.read_text(encoding="utf-8") == stamp


def install() -> None:
    """Makes the environment, with this pip: Debian's bare python3 could not give it one."""
    venv.create(ALONE, with_pip=False, symlinks=os.name != "nt")
    command = [sys.executable, "-m", "pip", "--python", str(program("python"))]
    run([*command, "install", "--quiet", "--disable-pip-version-check", "--no-compile", str(ROOT)])


def look() -> None:
    """Runs what somebody would run."""
    run([program("python"), "-W", "error", "-c", f"OPTIONAL = {OPTIONAL}{LOOK}"])
    run([program("flexiflow"), "run", FLOW, "--scenario", SCENARIO])
    run([program("flexiflow"), "diagnose"])


def program(name: str) -> Path:
    """A program of the environment."""
    return ALONE / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def run(command: list[str | Path]) -> None:
    """Runs a command in the environment's folder, so that the checkout beside it is not found.

    Raises:
        subprocess.CalledProcessError: it did not end well.
    """
    outside = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    subprocess.run(command, cwd=ALONE, env=outside, capture_output=True, text=True, check=True)


def describe(error: subprocess.CalledProcessError) -> str:
    """The command that failed, and what it said last."""
    command = " ".join(str(part) for part in error.cmd if LOOK not in str(part))
    return f"{command}\n{error.stdout[-2000:]}{error.stderr[-2000:]}"


if __name__ == "__main__":
    sys.exit(main())
