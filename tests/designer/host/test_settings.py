"""What is remembered."""

import os
from pathlib import Path

from designer.host.settings import MAX_RECENT, Settings, ThemeChoice, settings_folder


def test_everything_has_a_default(tmp_path):
    """The first start finds nothing and works."""
    settings = Settings(tmp_path)

    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.geometry == b""
    assert settings.layout == b""
    assert settings.recent_files == ()
    assert settings.trusted_folders == ()
    assert settings.last_folder == Path.home()


def test_choices_are_there_at_the_next_start(tmp_path):
    """What was set is read from disk again."""
    settings = Settings(tmp_path)
    settings.theme = ThemeChoice.DARK
    settings.geometry = b"\x00geometry\xff"
    settings.layout = b"layout"
    settings.trusted_folders = [tmp_path]
    assert settings.save()

    again = Settings(tmp_path)

    assert again.theme is ThemeChoice.DARK
    assert again.geometry == b"\x00geometry\xff"
    assert again.layout == b"layout"
    assert again.trusted_folders == (tmp_path,)


def test_the_newest_file_is_first_and_each_is_there_once(tmp_path):
    """Opening a file again moves it to the top."""
    settings = Settings(tmp_path)
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    for path in (one, two, one):
        settings.add_recent_file(path)

    assert settings.recent_files == (one, two)
    assert settings.last_folder == tmp_path


def test_only_so_many_files_are_kept(tmp_path):
    """The oldest goes."""
    settings = Settings(tmp_path)
    for number in range(MAX_RECENT + 3):
        settings.add_recent_file(tmp_path / f"{number}.yaml")

    assert len(settings.recent_files) == MAX_RECENT
    assert tmp_path / "0.yaml" not in settings.recent_files


def test_a_file_that_is_gone_is_forgotten(tmp_path):
    """Removing one leaves the others."""
    settings = Settings(tmp_path)
    settings.add_recent_file(tmp_path / "a.yaml")
    settings.add_recent_file(tmp_path / "b.yaml")
    settings.remove_recent_file(tmp_path / "b.yaml")

    assert settings.recent_files == (tmp_path / "a.yaml",)


def test_damaged_settings_are_defaults(tmp_path):
    """Nonsense in the file is no error."""
    (tmp_path / "designer.ini").write_text(
        "[window]\ntheme=purple\ngeometry=7\n[files]\nrecent=@Invalid()\n"
    )
    settings = Settings(tmp_path)

    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.geometry == b""
    assert settings.recent_files == ()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    """Saving says that it did not work, and does not raise."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    settings = Settings(blocked)
    settings.theme = ThemeChoice.DARK

    assert not settings.save()


def test_the_environment_decides_the_folder():
    """Tests and portable installations put settings where they like."""
    assert settings_folder() == Path(os.environ["FLEXIFLOW_DESIGNER_HOME"])


def test_the_system_decides_the_folder_otherwise(monkeypatch):
    """Without the variable, settings go where the system keeps them."""
    monkeypatch.delenv("FLEXIFLOW_DESIGNER_HOME")

    assert settings_folder().name == "flexiflow-designer"
