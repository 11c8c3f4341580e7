"""What can go wrong with a run itself."""

from __future__ import annotations

from flexiflow.errors import FlexiFlowError

__all__ = ["NotRunningError", "RunError", "RunningError"]


class RunError(FlexiFlowError):
    """Something asked of a run that it cannot do now."""


class RunningError(RunError):
    """A second run was to be started."""

    def __init__(self) -> None:
        super().__init__(
            "The flow runs already",
            why="A flow has one run at a time.",
            fix="Stop the run (Shift+F5), then start it again.",
        )


class NotRunningError(RunError):
    """Something needs a run, and there is none."""

    def __init__(self) -> None:
        super().__init__(
            "The flow does not run",
            why="Only a running flow has a state that can be changed.",
            fix="Start a run (F5) first.",
        )
