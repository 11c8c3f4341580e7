"""Trust in folders."""

from designer.host.settings import Settings
from designer.host.trust import TrustStore


def test_nothing_is_trusted_at_first(tmp_path):
    """Code of a folder nobody named is not run."""
    assert not TrustStore(Settings(tmp_path)).is_trusted(tmp_path)


def test_trust_covers_the_folders_inside(tmp_path):
    """A trusted folder brings those within it, and not the one around it."""
    store = TrustStore(Settings(tmp_path))
    store.trust(tmp_path / "flows")

    assert store.is_trusted(tmp_path / "flows")
    assert store.is_trusted(tmp_path / "flows" / "deep" / "down")
    assert not store.is_trusted(tmp_path)
    assert not store.is_trusted(tmp_path / "flows2")


def test_trust_is_remembered(tmp_path):
    """The next session knows it, and trusting twice is the same as once."""
    TrustStore(Settings(tmp_path)).trust(tmp_path / "a")
    TrustStore(Settings(tmp_path)).trust(tmp_path / "a")

    assert TrustStore(Settings(tmp_path)).folders == (tmp_path / "a",)


def test_trust_can_be_taken_back(tmp_path):
    """Revoking takes every trust with it that covered the folder."""
    store = TrustStore(Settings(tmp_path))
    store.trust(tmp_path / "a" / "b")
    store.trust(tmp_path / "a")
    store.trust(tmp_path / "c")
    store.revoke(tmp_path / "a" / "b")

    assert store.folders == (tmp_path / "c",)


def test_a_way_around_is_no_way_in(tmp_path):
    """A path with dots is judged by where it leads."""
    store = TrustStore(Settings(tmp_path))
    store.trust(tmp_path / "a")

    assert not store.is_trusted(tmp_path / "a" / ".." / "b")
