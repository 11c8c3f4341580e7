"""What is wrong in a flow that is to run, told by its place in the flow's own files."""

from __future__ import annotations

import re
from dataclasses import replace

from designer.document.elements import FlowKind, PackOrigin
from designer.document.model import Content
from designer.exchange.writer import run_packs
from flexiflow.errors import PackError, Problem

__all__ = ["told_by_own_files"]

_IN_PACK = re.compile(r"packs\[(?P<index>\d+)\]\.(?P<rest>.+)", re.DOTALL)


def told_by_own_files(error: PackError, content: Content) -> PackError:
    """The same problems, each where a person finds it.

    A run has every pack inside its one mapping. In the flow's files a pack may be a file of its
    own, and a pack by itself is all there is: neither has the ``packs[0]`` that the engine names.
    """
    return PackError([_moved(problem, content) for problem in error.problems])


def _moved(problem: Problem, content: Content) -> Problem:
    match = _IN_PACK.fullmatch(problem.at)
    if match is None or problem.path is not None:
        return problem
    if content.flow.kind is FlowKind.PACK:
        return replace(problem, at=match["rest"])

    pack = run_packs(content)[int(match["index"])]
    if pack.origin is PackOrigin.FILE:
        return replace(problem, at=match["rest"], path=pack.path)
    return problem
