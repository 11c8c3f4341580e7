"""Saving a flow: its content as YAML data and text, and the files it is written to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from designer.document.elements import ElementId, FlowKind, Pack, PackOrigin, written_alike
from designer.document.model import Content
from designer.exchange.atomic import write_atomic
from designer.exchange.comments import has_comments
from designer.exchange.config_file import ConfigFile, config_to_data, pack_to_data
from designer.exchange.errors import (
    ChangedOnDiskError,
    CommentsWouldBeLostError,
    FileInTheWayError,
    SaveError,
)
from designer.exchange.reader import absolute, pack_path_for, read_record
from designer.exchange.records import RecordMaker, as_record, lone_pack_file
from designer.exchange.yaml_text import to_yaml
from flexiflow.errors import ErrorContext, FlexiFlowError
from flexiflow.pack_records import PackFile
from flexiflow.yaml_source import read_text

__all__ = [
    "config_data",
    "files_for",
    "pack_data",
    "run_config",
    "run_packs",
    "same_flow",
    "save_flow",
    "to_yaml",
]

Record = ConfigFile | PackFile


def config_data(content: Content) -> dict[str, Any]:
    """The YAML data of a config file; packs in files of their own are only named."""
    return config_to_data(RecordMaker(content).config_file())


def pack_data(content: Content, pack_id: ElementId) -> dict[str, Any]:
    """The YAML data of one pack; raises KeyError."""
    return pack_to_data(RecordMaker(content).pack_file(pack_id))


def files_for(content: Content, path: str | Path) -> dict[Path, str]:
    """The text of every file that a flow is written as, when it is saved at ``path``.

    Raises:
        ConfigError: the flow holds a value that YAML data does not have.
    """
    return {one: _text(record) for one, record in _records(content, absolute(path)).items()}


def same_flow(one: Content, other: Content) -> bool:
    """Whether two contents say the same, but for ids."""
    return one.flow.kind is other.flow.kind and written_alike(
        list(_all_records(one)), list(_all_records(other))
    )


def run_config(content: Content) -> dict[str, Any]:
    """A mapping that holds the whole flow, for ``load_component``: every YAML pack is inside.

    A pack by itself becomes a component of its name that starts in its first state.
    """
    if content.flow.kind is FlowKind.PACK:
        record = lone_pack_file(content)
        start = {"initial_state": record.states[0].key} if record.states else {}
        return {"name": record.name} | start | {"packs": [pack_to_data(record)]}

    maker = RecordMaker(content)
    data = config_to_data(maker.config_file())
    packs = [
        pack_to_data(maker.pack_file(pack.id)) if pack.editable else pack.path
        for pack in run_packs(content)
    ]
    return data | ({"packs": packs} if packs else {})


def run_packs(content: Content) -> list[Pack]:
    """The packs of a component config, as they stand in :func:`run_config`."""
    return [pack for pack in content.packs if pack.editable or pack.path]


def save_flow(
    content: Content,
    path: str | Path,
    known_text: Mapping[Path, str] | None = None,
    *,
    overwrite_comments: bool = False,
    overwrite_changes: bool = False,
) -> dict[Path, str]:
    """Writes those files of a flow whose data is not what is there, each wholly or not at all.

    Args:
        content: the flow.
        path: its config, or its pack.
        known_text: the files as they were when they were last read or written here.
        overwrite_comments: whether comments in files that are written may go.
        overwrite_changes: whether files that somebody else changed or made may be replaced.

    Returns:
        every file of the flow with the text it now has, for the next ``known_text``.

    Raises:
        CommentsWouldBeLostError: a file to write holds comments; nothing was written.
        ChangedOnDiskError: a file to write is not as it was; nothing was written.
        FileInTheWayError: another file is where a pack would go; nothing was written.
        SaveError: a file could not be written; that file is as it was.
    """
    path, known = absolute(path), dict(known_text or {})
    records = _records(content, path)
    unchanged = {
        one: known[one]
        for one, record in records.items()
        if one in known and written_alike(_record_or_none(known[one], one), record)
    }
    wanted = {
        one: _kept_text(record, known) or _text(record)
        for one, record in records.items()
        if one not in unchanged
    }
    if not overwrite_changes:
        _check_disk(wanted, known, path)
    if not overwrite_comments:
        lost = [one for one in wanted if one in known and has_comments(known[one])]
        if lost:
            raise CommentsWouldBeLostError(lost)

    # Packs first: at no moment does a config name a file that is not there.
    for one in sorted(wanted, key=lambda one: one == path):
        _make_folder(one.parent)
        write_atomic(one, wanted[one])
    return {one: wanted.get(one) or unchanged[one] for one in records}


def _records(content: Content, path: Path) -> dict[Path, Record]:
    """The record of every file, the one the flow is opened by first."""
    records: dict[Path, Record] = {path: as_record(content)}
    maker = RecordMaker(content)
    for pack in content.packs:
        if pack.origin is PackOrigin.FILE:
            records[pack_path_for(path, pack.path)] = maker.pack_file(pack.id)
    return records


def _all_records(content: Content) -> Iterator[Record]:
    maker = RecordMaker(content)
    yield as_record(content)
    for pack in content.packs:
        if pack.origin is PackOrigin.FILE:
            yield maker.pack_file(pack.id)


def _text(record: Record) -> str:
    return to_yaml(pack_to_data(record) if isinstance(record, PackFile) else config_to_data(record))


def _record_or_none(text: str, path: Path) -> Record | None:
    try:
        return read_record(text, path)
    except FlexiFlowError:
        return None


def _kept_text(record: Record, known: Mapping[Path, str]) -> str | None:
    """The text of a file that says just this, such as a pack that is copied elsewhere."""
    for path, text in known.items():
        if written_alike(_record_or_none(text, path), record):
            return text
    return None


def _check_disk(wanted: Iterable[Path], known: Mapping[Path, str], path: Path) -> None:
    """Raises when a file to write is there and is not the one we know.

    The file the flow is saved as was chosen by a person, who was asked already if it is there.
    """
    changed, foreign = [], []
    for one in wanted:
        text = _text_on_disk(one)
        if text is None or text == known.get(one):
            continue
        if one in known:
            changed.append(one)
        elif one != path:
            foreign.append(one)

    if changed:
        raise ChangedOnDiskError(changed)
    if foreign:
        raise FileInTheWayError(foreign)


def _text_on_disk(path: Path) -> str | None:
    """A file's text; None when there is no file; something else than any text when unreadable."""
    try:
        return read_text(path)
    except FlexiFlowError:
        return "\0" if path.exists() else None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(
            f"The folder {folder.name} cannot be made",
            why=f"{error.strerror or error}.",
            fix="Make it by hand, or save elsewhere.",
            context=ErrorContext({"path": str(folder)}),
        ) from error
