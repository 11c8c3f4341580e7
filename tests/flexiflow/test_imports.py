"""Objects by dotted path."""

import sys
from types import ModuleType

import pytest

from flexiflow.errors import ImportError_
from flexiflow.imports import load_symbol


def test_any_object_is_found():
    """At the first colon, blanks trimmed."""
    assert load_symbol(" os.path : join ") is __import__("os").path.join


def test_what_follows_the_first_colon_is_the_symbol(monkeypatch):
    """Even if there are more colons."""
    module = ModuleType("module_of_test")
    setattr(module, "a:b", 3)
    monkeypatch.setitem(sys.modules, "module_of_test", module)
    assert load_symbol("module_of_test:a:b") == 3


@pytest.mark.parametrize("dotted", ["os", ":x", "os:", " : ", "", None, 3, ["os:path"]])
def test_another_form_is_refused(dotted):
    """Text or not."""
    with pytest.raises(ImportError_) as caught:
        load_symbol(dotted)

    assert caught.value.what == f"Invalid dotted path format: '{dotted}'"


def test_a_missing_module():
    """The true error is the cause, and stands in the context."""
    with pytest.raises(ImportError_) as caught:
        load_symbol("no_such_module:X")

    assert caught.value.what == "Module not found: 'no_such_module'"
    assert list(caught.value.context.items) == ["module", "dotted_path", "error"]
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)
    assert "could not be imported" in caught.value.why


@pytest.mark.parametrize("code", ["1 / 0", "raise SystemExit(3)", "("])
def test_a_module_that_fails_while_it_is_imported(tmp_path, monkeypatch, code):
    """Whatever it does, short of an interrupt."""
    (tmp_path / "failing_module_of_test.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImportError_) as caught:
        load_symbol("failing_module_of_test:X")

    assert caught.value.__cause__ is not None
    assert caught.value.context.items["error"] == repr(caught.value.__cause__)


@pytest.mark.parametrize("symbol", ["nothing", "path.join"])
def test_a_missing_symbol(symbol):
    """Nested attributes are not followed."""
    with pytest.raises(ImportError_) as caught:
        load_symbol(f"os:{symbol}")

    assert caught.value.what == f"Symbol '{symbol}' not found in module 'os'"
