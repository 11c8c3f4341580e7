"""Opening a flow: from a file, which may hold anything, to a document's content or a clear error.

Nothing that a file names is imported: Python packs and states are drawn by their names alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designer.document.model import Content
from designer.exchange.assembly import content_of_config, content_of_pack
from designer.exchange.comments import has_comments
from designer.exchange.config_file import ConfigFile, read_config_data
from flexiflow.pack_loader import is_pack_file
from flexiflow.pack_records import PackFile
from flexiflow.packfile import parse_pack, read_pack_data
from flexiflow.problem_report import ProblemReport
from flexiflow.yaml_source import read_text, scan_yaml

__all__ = ["OpenedFlow", "absolute", "open_flow", "pack_path_for", "read_record"]


@dataclass(frozen=True, slots=True)
class OpenedFlow:
    """A flow as it is on disk.

    Attributes:
        content: what its files say.
        path: the file it was opened by: a config or a pack.
        text_by_path: every file of the flow with its text, the opened one first.
        commented: those of its files that hold comments.
    """

    content: Content
    path: Path
    text_by_path: Mapping[Path, str]
    commented: tuple[Path, ...] = ()

    @property
    def has_comments(self) -> bool:
        """Whether saving may lose comments."""
        return bool(self.commented)


def open_flow(path: str | Path) -> OpenedFlow:
    """Reads a component config with its pack files, or a pack by itself.

    Raises:
        FlexiFlowError: a file is missing, unreadable or too large, or says what it may not; a
            :class:`flexiflow.errors.PackError` then names every problem of that file.
    """
    path = absolute(path)
    texts = {path: read_text(path)}
    record = read_record(texts[path], path)
    if isinstance(record, PackFile):
        content = content_of_pack(record)
    else:
        files: dict[str, PackFile] = {}
        for entry in record.packs:
            if isinstance(entry, str) and is_pack_file(entry):
                pack_path = pack_path_for(path, entry)
                texts[pack_path] = read_text(pack_path)
                files[entry] = parse_pack(texts[pack_path], path=pack_path)
        content = content_of_config(record, files)

    commented = tuple(one for one, text in texts.items() if has_comments(text))
    return OpenedFlow(content, path, texts, commented)


def read_record(text: str, path: Path) -> ConfigFile | PackFile:
    """What one file says: a pack when it has the key ``pack`` and no ``name``, else a config.

    Raises:
        PackError: all problems of the text.
    """
    parsed = scan_yaml(text, path)
    report = ProblemReport(text, str(path), known=list(parsed.problems))
    record = _record(parsed.data, report)
    report.raise_if_any()
    return record


def absolute(path: str | Path) -> Path:
    """The path without ``..`` and relative to nothing; symbolic links stay."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve() would follow links


def pack_path_for(config_path: Path, entry: str) -> Path:
    """Where the pack file is that a config names."""
    return absolute(config_path.parent / entry)


def _record(data: Any, report: ProblemReport) -> ConfigFile | PackFile:
    if isinstance(data, dict) and "pack" in data and "name" not in data:
        return read_pack_data(data, report)
    if isinstance(data, dict) and ("name" in data or not {"scenario", "steps"} & data.keys()):
        return read_config_data(data, report)

    if isinstance(data, dict):
        what, fix = "This is a scenario, not a flow", "Open the flow that it names under 'flow'."
    else:
        what = "This is no flow"
        fix = "Begin it with 'name: my_component' and 'packs:', or with 'pack: my_pack'."
    report.add((), what, why="A flow is a component config or a pack.", fix=fix)
    return ConfigFile("")
