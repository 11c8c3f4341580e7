"""Log lines and their correlation ids."""

import asyncio
import io
import logging
import uuid
from collections.abc import Iterator

import pytest

from flexiflow import logger as module
from flexiflow.logger import CorrelationIdFilter, get_logger, set_correlation_id


@pytest.fixture
def name() -> Iterator[str]:
    """The name of a logger that nobody has used."""
    fresh = f"flexiflow.test.{uuid.uuid4()}"
    yield fresh
    logging.getLogger(fresh).handlers.clear()


def test_default_correlation_id_is_a_dash() -> None:
    """Without anybody setting one, the id reads ``-``."""
    variable = module._correlation_id
    assert variable.name == "correlation_id"
    assert asyncio.run(_current()) == "-"


async def _current() -> str:
    return module._correlation_id.get()


async def test_given_correlation_id_is_stored_and_returned() -> None:
    """What is given is what is used."""
    assert set_correlation_id("request 7") == "request 7"
    assert module._correlation_id.get() == "request 7"


@pytest.mark.parametrize("empty", [None, ""])
async def test_empty_correlation_id_becomes_a_uuid(empty: str | None) -> None:
    """Without an id a new UUID4 is made."""
    made = set_correlation_id(empty)
    assert uuid.UUID(made).version == 4
    assert module._correlation_id.get() == made


async def test_correlation_id_stays_within_its_task() -> None:
    """A sibling task does not see the id."""
    set_correlation_id("outer")

    async def inner() -> None:
        set_correlation_id("inner")

    await asyncio.create_task(inner())
    assert module._correlation_id.get() == "outer"


async def test_filter_sets_the_id_and_lets_the_record_pass() -> None:
    """Every record passes, with the id on it."""
    set_correlation_id("abc")
    record = logging.makeLogRecord({"msg": "hello"})
    assert CorrelationIdFilter().filter(record) is True
    assert record.correlation_id == "abc"


def test_logger_gets_one_handler(name: str) -> None:
    """Asking again adds no second handler, but sets the level."""
    logger = get_logger(name)
    assert get_logger(name, logging.DEBUG) is logger
    assert len(logger.handlers) == 1
    assert isinstance(logger.handlers[0], logging.StreamHandler)
    assert logger.level == logging.DEBUG
    assert logger.propagate is True


def test_logger_keeps_foreign_handlers(name: str) -> None:
    """A logger that an application has set up stays as it is."""
    handler = logging.NullHandler()
    logging.getLogger(name).addHandler(handler)
    assert get_logger(name).handlers == [handler]


async def test_log_line_has_the_fixed_format(name: str) -> None:
    """A line carries time, name, level, id and text."""
    logger = get_logger(name)
    stream = io.StringIO()
    handler = logger.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    set_correlation_id("id-1")
    logger.info("hello %s", "world")
    assert stream.getvalue().endswith(f" - {name} - INFO - cid=id-1 - hello world\n")


def test_default_name_and_level() -> None:
    """Without arguments it is the logger ``flexiflow`` at INFO."""
    logger = get_logger()
    assert logger.name == "flexiflow"
    assert logger.level == logging.INFO
