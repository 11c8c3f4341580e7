"""Finding a Python object by its dotted path ``module:symbol``."""

from __future__ import annotations

import importlib
from typing import Any

from flexiflow.errors import (
    import_invalid_format,
    import_module_not_found,
    import_symbol_not_found,
)
from flexiflow.safe_text import safe_repr

__all__ = ["load_symbol", "split_dotted_path"]


def split_dotted_path(dotted: Any) -> tuple[str, str]:
    """Splits ``module:symbol`` at its first colon and trims blanks around both parts.

    Raises:
        ImportError_: no text, no colon, or an empty part.
    """
    if not isinstance(dotted, str):
        raise import_invalid_format(str(dotted))

    module, colon, symbol = (part.strip() for part in dotted.partition(":"))
    if not (colon and module and symbol):
        raise import_invalid_format(dotted)

    return module, symbol


def load_symbol(dotted: str) -> Any:
    """Imports the module of ``module:symbol`` and returns the attribute, of any kind.

    Nested attributes (``Outer.Inner``) are not followed. Importing runs the module's code.

    Raises:
        ImportError_: the path has another form, the module cannot be imported (the true error is
            its cause and stands in the context), or the module lacks the attribute.
    """
    module_name, symbol = split_dotted_path(dotted)
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:  # a module may fail in any way while it runs
        failure = import_module_not_found(module_name, dotted)
        context = failure.context.add("error", safe_repr(error))
        raise type(failure)(
            failure.what, why=f"{failure.why} {safe_repr(error)}", fix=failure.fix, context=context
        ) from error

    try:
        return getattr(module, symbol)
    except AttributeError as error:
        raise import_symbol_not_found(module_name, symbol, dotted) from error
