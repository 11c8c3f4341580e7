"""Objects as text, whatever their own code does."""

import asyncio

import pytest

from flexiflow.errors import ConfigError, ErrorContext
from flexiflow.safe_text import safe_repr, safe_str

BOTH = pytest.mark.parametrize("text_of", [safe_repr, safe_str])


def saying(answer):
    """An object whose text is what the function gives."""

    class Speaker:
        def __repr__(self):
            return answer()

    return Speaker()


def failing(error):
    """An object that raises the error when it is asked for its text."""

    def fail():
        raise error

    return saying(fail)


@pytest.mark.parametrize(
    "value", [None, 5, 1.5, "it's", b"x", [1, {"a": ()}], {1}, ValueError("x")]
)
def test_text_is_what_python_says(value):
    """For whatever can be asked."""
    assert safe_repr(value) == repr(value)
    assert safe_str(value) == str(value)


@BOTH
@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("mute"),
        RecursionError(),
        MemoryError(),
        SystemExit(3),
        asyncio.CancelledError(),
        GeneratorExit(),
    ],
)
def test_one_that_raises_is_named_by_its_type(text_of, error):
    """It ends neither what was to be told about it nor the program."""
    assert text_of(failing(error)) == "<Speaker>"


@BOTH
def test_ctrl_c_passes(text_of):
    """It is meant for the program, wherever it hits."""
    with pytest.raises(KeyboardInterrupt):
        text_of(failing(KeyboardInterrupt()))


@BOTH
@pytest.mark.parametrize("answer", [None, 3, b"bytes", ["text"]])
def test_an_answer_that_is_no_text_is_none(text_of, answer):
    """Python refuses it, and so the type is named."""
    assert text_of(saying(lambda: answer)) == "<Speaker>"


@BOTH
def test_an_answer_of_a_kind_of_text_becomes_a_plain_one(text_of):
    """Its own code is not run when it is written somewhere later."""

    class Trap(str):
        __slots__ = ()

        def __str__(self):
            raise RuntimeError

        __format__ = __repr__ = __str__

    text = text_of(saying(lambda: Trap("words")))
    assert type(text) is str
    assert f"{text}" == "words"


@BOTH
def test_a_long_text_is_given_whole(text_of):
    """Who has no room for it cuts it."""
    assert len(text_of(saying(lambda: "x" * 5_000_000))) == 5_000_000


@BOTH
def test_a_number_too_long_for_python_is_named(text_of):
    """Python writes out no more than some thousand digits of a number."""
    assert text_of(10**10_000) == "<int>"


@BOTH
def test_an_object_inside_itself_is_shown_once(text_of):
    """As Python does it."""
    circle = [1]
    circle.append(circle)
    assert text_of(circle) == "[1, [...]]"


@BOTH
def test_an_object_that_shows_itself_without_end_is_named(text_of):
    """Python gives up at some depth."""

    class Endless:
        def __repr__(self):
            return f"Endless({self!r})"

    assert text_of(Endless()) == "<Endless>"


@BOTH
def test_an_object_that_is_nested_too_deep_is_named(text_of):
    """Deeper than Python follows."""
    deep = []
    for _ in range(100_000):
        deep = [deep]

    assert text_of(deep) == "<list>"


def test_an_error_about_it_has_its_text():
    """The facts of an error are shown, and those that cannot be are named."""
    facts = ErrorContext({"given": failing(RuntimeError()), "number": 10**10_000, "name": "n"})
    assert facts.format() == "  given=<Speaker>\n  number=<int>\n  name='n'"
    assert str(ConfigError("What", context=facts)).endswith(facts.format())
