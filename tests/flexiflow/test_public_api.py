"""What is importable from the package itself."""

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import flexiflow

ROOT = Path(__file__).parents[2]

NAMES = [
    "FlexiFlowEngine",
    "AsyncComponent",
    "StateMachine",
    "State",
    "ConfigLoader",
    "ComponentConfig",
    "StatePack",
    "StateSpec",
    "TransitionSpec",
    "StateRegistry",
    "DEFAULT_REGISTRY",
    "FlexiFlowError",
    "ConfigError",
    "StateError",
    "PersistenceError",
    "ImportError_",
    "explain",
    "ConfigExplanation",
    "Diagnostic",
    "visualize",
]

HOMES = {
    "component": ["AsyncComponent"],
    "engine": ["FlexiFlowEngine"],
    "state_machine": ["StateMachine", "State", "StateRegistry", "DEFAULT_REGISTRY"],
    "config_loader": ["ConfigLoader", "ComponentConfig"],
    "statepack": ["StatePack", "StateSpec", "TransitionSpec", "MappingPack"],
    "errors": ["FlexiFlowError", "ConfigError", "StateError", "PersistenceError", "ImportError_"],
    "explain": ["explain", "ConfigExplanation", "Diagnostic"],
    "visualize": ["visualize"],
    "pack_loader": ["load_packs", "collect_provided_keys"],
    "component_loader": ["load_component"],
    "version": ["__version__"],
}


def test_all_names_in_order() -> None:
    """The public names, the most important ones first."""
    assert flexiflow.__all__ == NAMES


def test_every_name_is_that_of_its_home_module() -> None:
    """The very same objects, with the names that they are known by."""
    for module, names in HOMES.items():
        home = importlib.import_module(f"flexiflow.{module}")
        for name in names:
            assert getattr(flexiflow, name) is getattr(home, name)
            assert getattr(flexiflow, name) is not None

    for name in NAMES:
        assert getattr(getattr(flexiflow, name), "__name__", name) == name


def test_some_names_are_importable_but_not_advertised() -> None:
    """They are for those who know."""
    for name in ("load_packs", "collect_provided_keys", "MappingPack", "__version__"):
        assert hasattr(flexiflow, name)
        assert name not in flexiflow.__all__


def test_homonymous_modules_stay_importable() -> None:
    """``flexiflow.explain`` is the function, ``from flexiflow.explain import ...`` the module."""
    from flexiflow.explain import PackInfo, StateResolution
    from flexiflow.visualize import visualize

    assert callable(flexiflow.explain)
    assert flexiflow.visualize is visualize
    assert PackInfo.__name__ == "PackInfo"
    assert StateResolution.__name__ == "StateResolution"


def test_version_has_three_numbers() -> None:
    """Digits and dots."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", flexiflow.__version__)


def test_distribution_takes_version_and_types_from_the_package() -> None:
    """The version stands in one place, and the marker of types is shipped."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    source = ROOT / project["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{flexiflow.__version__}"' in source.read_text(encoding="utf-8")
    assert project["build-system"]["build-backend"]
    assert "flexiflow" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert (ROOT / "flexiflow" / "py.typed").exists()


def test_importing_touches_neither_extras_nor_logging() -> None:
    """Optional packages and the command line are imported when they are needed."""
    code = """
import logging, sys
import flexiflow
unwanted = {"fastapi", "uvicorn", "watchfiles", "networkx", "PySide6", "qasync", "flexiflow.cli"}
print(sorted(unwanted & set(sys.modules)), logging.getLogger("flexiflow").handlers,
      logging.getLogger().handlers)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] [] []"
