"""The command ``flexiflow-designer``, as a program of its own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from designer.__main__ import main
from designer.host.resources import resource_path

ORDER = resource_path("examples/order.yaml")
SCENARIO = resource_path("examples/order.scenario.yaml")
ROOT = Path(__file__).resolve().parents[2]


def designer(*arguments, **options):
    """Runs the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "designer", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        **options,
    )


def size_of(png):
    """Width and height of a PNG file."""
    head = png.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def test_a_scenario_is_played_and_kept(tmp_path):
    """Picture, events and snapshots are written; nothing is said."""
    picture, events, snapshots = (tmp_path / name for name in ("a.png", "a.jsonl", "a.db"))
    done = designer(
        *("--play", SCENARIO, "--screenshot", picture, "--events", events),
        *("--snapshots", snapshots, "--size", "1200x800", "--theme", "dark", ORDER),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    assert size_of(picture) == (1200, 800)
    names = [json.loads(line)["event"] for line in events.read_text().splitlines()]
    assert names.count("state.changed") == 7
    with closing(sqlite3.connect(snapshots)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM flexiflow_snapshots").fetchone()
    connection.close()
    assert count >= 7


def test_the_scenario_names_the_flow(tmp_path):
    """Without a FILE, the one it was written for is played."""
    picture = tmp_path / "a.png"
    done = designer("--play", SCENARIO, "--screenshot", picture)

    assert (done.returncode, done.stderr) == (0, "")
    assert picture.is_file()


def test_a_failed_expectation_ends_with_1(tmp_path):
    """What was expected and what was found are said; the picture is there all the same."""
    scenario, picture = tmp_path / "wrong.scenario.yaml", tmp_path / "a.png"
    scenario.write_text("scenario: wrong\nsteps:\n- expect: {state: Paid}\n")
    done = designer("--play", scenario, "--screenshot", picture, ORDER)

    assert done.returncode == 1
    assert "Paid" in done.stderr
    assert "Cart" in done.stderr
    assert "Traceback" not in done.stderr
    assert picture.is_file()


@pytest.mark.parametrize(
    ("name", "text"),
    [("broken.yaml", "pack: [unclosed"), ("none.yaml", None)],
    ids=["malformed", "missing"],
)
def test_a_bad_flow_ends_with_1(tmp_path, name, text):
    """The message on stderr names the file, without a traceback."""
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    done = designer("--play", SCENARIO, path)

    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_code_is_not_run_without_trust(tmp_path):
    """A flow that names Python code is not played until its folder is trusted."""
    flow = tmp_path / "a.yaml"
    flow.write_text("name: a\npacks: ['os:path']\ninitial_state: Missing\n")
    done = designer("--play", SCENARIO, flow)

    assert done.returncode == 1
    assert "os:path" in done.stderr
    assert "trust" in done.stderr.lower()


def test_a_picture_that_cannot_be_written_is_told(tmp_path):
    """The place is named."""
    done = designer("--play", SCENARIO, "--screenshot", tmp_path / "no" / "a.png", ORDER)

    assert done.returncode == 1
    assert "a.png" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows ends programs without asking them")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_a_polite_kill_closes_the_window(number, tmp_path, qtbot):
    """The program ends by itself, with 0 and without a word."""
    settings = tmp_path / "home" / "designer.ini"
    flow = tmp_path / "a.pack.yaml"
    flow.write_text("pack: a\nstates: {S: }\nlayout: {S: [0, 0]}\n")
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "designer", str(flow)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "FLEXIFLOW_DESIGNER_HOME": str(tmp_path / "home")},
    )
    # It notes the file it has opened, so it is up by then.
    qtbot.waitUntil(settings.exists, timeout=30_000)
    process.send_signal(number)
    out, error = process.communicate(timeout=30)

    assert (process.returncode, out, error) == (0, "", "")


def test_help_and_version_need_no_window(capsys):
    """They answer at once."""
    for option, word in (("--help", "without a person"), ("--version", "flexiflow-designer")):
        with pytest.raises(SystemExit) as ended:
            main([option])
        assert ended.value.code == 0
        assert word in capsys.readouterr().out


@pytest.mark.parametrize("size", ["big", "10x10", "99999x5", "800"])
def test_a_size_is_width_and_height(size, capsys):
    """Anything else is refused with an example."""
    with pytest.raises(SystemExit):
        main(["--size", size])

    assert "--size" in capsys.readouterr().err
