"""Log records of the engine as rows of the event log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from designer.run.event_log import EventLog
from designer.run.event_text import LOG_EVENT
from flexiflow.logger import _correlation_id
from flexiflow.safe_text import safe_repr, safe_str

__all__ = ["LogRows", "RunLogger"]

_NAME: Final = "flexiflow"


class LogRows(logging.Handler):
    """Makes rows of the records that the library logs by itself, outside the engine of a run."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.INFO)
        self._log = log

    def attach(self) -> None:
        """Listens to the library's logger from now on."""
        logging.getLogger(_NAME).addHandler(self)

    def detach(self) -> None:
        """Listens no longer."""
        logging.getLogger(_NAME).removeHandler(self)
        self.close()

    def emit(self, record: logging.LogRecord) -> None:
        """Adds a row."""
        add_row(self._log, record.name, record.levelno, _formatted(record.msg, record.args))


class RunLogger(logging.Logger):
    """The logger of one run's engine: each record becomes a row, and goes nowhere else.

    It stands outside the tree of loggers, so it ends with its run, and two runs do not see each
    other's records. An engine logs a line for each change of state, so no record is made of it.
    """

    def __init__(self, log: EventLog) -> None:
        super().__init__(_NAME, logging.INFO)
        self._rows = log

    def _log(  # noqa: PLR0917 - the parameters that logging passes
        self,
        level: int,
        msg: object,
        args: Any,
        exc_info: Any = None,
        extra: Mapping[str, object] | None = None,
        stack_info: bool = False,
        stacklevel: int = 1,
    ) -> None:
        """Every method that logs ends here."""
        del extra, stack_info, stacklevel
        text = _formatted(msg, args)
        if isinstance(exc_info, BaseException):
            text = f"{text}: {safe_repr(exc_info)}"
        add_row(self._rows, self.name, level, text)


def _formatted(msg: object, args: Any) -> str:
    """The text of a record; like any logger's, it never fails whoever logs."""
    try:
        return str(msg) % args if args else str(msg)
    except Exception:  # noqa: BLE001 - an object of the user's own making, or an odd format
        values = args if isinstance(args, tuple) else (args,)
        return " ".join(safe_str(value) for value in (msg, *values))


def add_row(log: EventLog, name: str, level: int, text: str) -> None:
    """Adds a log record to the event log."""
    payload: Mapping[str, Any] = {"logger": name, "levelno": level, "message": text}
    log.append(LOG_EVENT, payload, correlation_id=_correlation_id.get())
