"""Log lines that carry a correlation id, so that the lines of one request can be found again."""

from __future__ import annotations

import logging
import uuid
from contextvars import ContextVar

__all__ = ["CorrelationIdFilter", "get_logger", "set_correlation_id"]

_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="-")

_FORMAT = "%(asctime)s - %(name)s - %(levelname)s - cid=%(correlation_id)s - %(message)s"


def set_correlation_id(value: str | None = None) -> str:
    """Sets the correlation id of the current context and returns it.

    A value set inside one asyncio task is not seen by its siblings. Nothing in the library sets
    one: the application does, once per request or per run.

    Args:
        value: the id; a new UUID4 when it is empty or ``None``.
    """
    correlation_id = value or str(uuid.uuid4())
    _correlation_id.set(correlation_id)
    return correlation_id


class CorrelationIdFilter(logging.Filter):
    """Puts ``correlation_id`` on every record and lets all of them pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Sets ``record.correlation_id`` from the current context."""
        record.correlation_id = _correlation_id.get()
        return True


def get_logger(name: str = "flexiflow", level: int = logging.INFO) -> logging.Logger:
    """The standard logger of that name, with one handler to standard error at most added.

    A logger that has handlers already keeps them as they are: whoever attached them decides about
    their format, and adds :class:`CorrelationIdFilter` if ids are wanted there. ``propagate`` stays
    as it is, so an application that also has handlers on the root logger sees each line twice
    unless it switches that off.

    Args:
        name: the logger's name.
        level: its level, set on every call.
    """
    logger = logging.getLogger(name)
    logger.setLevel(level)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.addFilter(CorrelationIdFilter())
        handler.setFormatter(logging.Formatter(_FORMAT))
        logger.addHandler(handler)

    return logger
