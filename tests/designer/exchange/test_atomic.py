"""Saving is wholly or not at all, whatever happens meanwhile."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from designer.exchange.atomic import write_atomic
from designer.exchange.errors import SaveError
from flexiflow.extras import atomic_file

ROOT = Path(__file__).parents[3]

#: Saves two texts in turn, in a child of its own that is killed at a random moment, many times.
KILLER = """
import os, random, select, signal, sys
from pathlib import Path
from designer.exchange.atomic import write_atomic

path, rounds = Path(sys.argv[1]), int(sys.argv[2])
texts = ["old: " + "a" * 300_000 + "\\n", "new: " + "b" * 400_000 + "\\n"]
chance = random.Random(7)
write_atomic(path, texts[0])
saved = 0
for _ in range(rounds):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        while True:
            for text in reversed(texts):
                write_atomic(path, text)
                os.write(writer, b".")
    os.read(reader, 1)
    silent, _, _ = select.select([], [], [], chance.uniform(0, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(writer)
    saved += 1 + len(os.read(reader, 100_000))
    os.close(reader)
    if path.read_text() not in texts:
        sys.exit("half a file")
print(saved)
"""


def test_a_file_is_made_and_replaced(tmp_path):
    """The text is there, as UTF-8, with its own line breaks and nothing beside it."""
    path = tmp_path / "flow.yaml"
    write_atomic(path, "a: ä→\r\n")
    assert path.read_bytes() == "a: ä→\r\n".encode()
    write_atomic(path, "b\n")
    assert path.read_text() == "b\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["flow.yaml"]


def test_killed_at_any_moment_the_file_is_whole(tmp_path):
    """Fifty times a saving process dies, and the old or the new text is there."""
    run = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path / "flow.yaml"), "50"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) >= 50


def test_permissions_are_kept(tmp_path):
    """A file that only its owner reads stays so; a new one is as the system makes them."""
    path = tmp_path / "flow.yaml"
    write_atomic(path, "a\n")
    other = tmp_path / "other"
    other.touch()
    assert path.stat().st_mode == other.stat().st_mode
    path.chmod(0o640)
    write_atomic(path, "b\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_symbolic_link_stays_one(tmp_path):
    """What it leads to is what is written, also where nothing is yet."""
    target, link = tmp_path / "deep" / "real.yaml", tmp_path / "link.yaml"
    target.parent.mkdir()
    link.symlink_to(target)
    for text in ("a\n", "b\n"):
        write_atomic(link, text)
        assert link.is_symlink()
        assert target.read_text() == text
    assert [entry.name for entry in target.parent.iterdir()] == ["real.yaml"]


def _fails(code: int):
    def fail(*_args, **_kwargs):
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_on_a_full_disk_the_old_file_stays(tmp_path, monkeypatch, call):
    """Whichever step fails; nothing is left beside it, and the error says what to do."""
    path = tmp_path / "flow.yaml"
    write_atomic(path, "old\n")
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    with monkeypatch.context() as patch:
        patch.setattr(atomic_file.os, call, _fails(errno.ENOSPC))
        with pytest.raises(SaveError) as caught:
            write_atomic(path, "new\n")

    assert path.read_text() == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["flow.yaml"]
    assert caught.value.what == "flow.yaml cannot be saved"
    assert caught.value.why == "No space left on device."
    assert "Free some space" in caught.value.fix
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_an_interruption_leaves_nothing_behind(tmp_path, monkeypatch):
    """Ctrl+C in the middle of a save."""
    path = tmp_path / "flow.yaml"

    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic_file.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(path, "new\n")
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_file_is_not_replaced(tmp_path, monkeypatch):
    """Even where the folder would allow it."""
    path = tmp_path / "flow.yaml"
    path.write_text("old\n")
    monkeypatch.setattr(atomic_file.os, "access", lambda *_args: False)  # root may write anything
    with pytest.raises(SaveError, match="read only"):
        write_atomic(path, "new\n")
    assert path.read_text() == "old\n"


def test_a_folder_is_no_file(tmp_path):
    """Neither is a place in a folder that is not there."""
    with pytest.raises(SaveError, match="no folder"):
        write_atomic(tmp_path, "new\n")
    with pytest.raises(SaveError, match="Make the folder first"):
        write_atomic(tmp_path / "nowhere" / "flow.yaml", "new\n")


def test_half_a_character_cannot_be_saved(tmp_path):
    """A lone surrogate is told of before anything is written."""
    with pytest.raises(SaveError, match="half a character"):
        write_atomic(tmp_path / "flow.yaml", "a\ud800b")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_synced_is_no_failure(tmp_path, monkeypatch):
    """Some file systems refuse it; the file is there all the same."""
    opened = os.open

    def refuse(path, flags, *rest):
        if Path(path) == tmp_path:
            raise OSError(errno.EACCES, "no")
        return opened(path, flags, *rest)

    monkeypatch.setattr(atomic_file.os, "open", refuse)
    write_atomic(tmp_path / "flow.yaml", "new\n")
    assert (tmp_path / "flow.yaml").read_text() == "new\n"


def test_the_owner_is_kept_where_possible(tmp_path, monkeypatch):
    """Who may not give files away keeps them, and saves all the same."""
    path = tmp_path / "flow.yaml"
    path.write_text("old\n")
    given = []

    def refuse(*args):
        given.append(args[1:])
        raise OSError(errno.EPERM, "no")

    monkeypatch.setattr(atomic_file.os, "chown", refuse)
    old = path.stat()
    foreign = os.stat_result((*old[:4], old.st_uid + 1, *old[5:]))
    monkeypatch.setattr(atomic_file, "_status_of", lambda _path: foreign)
    write_atomic(path, "new\n")
    assert path.read_text() == "new\n"
    assert given == [(old.st_uid + 1, old.st_gid)]
