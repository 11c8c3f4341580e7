"""States that move on a word, and a bus and a logger that write down what they are told."""

from typing import Any

from flexiflow.state_machine import State

__all__ = ["Here", "InfoLog", "Recorder", "There"]


class Recorder:
    """A bus of another make that writes down how it is called; it is false, too."""

    def __init__(self) -> None:
        self.calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def __len__(self) -> int:
        return 0

    async def publish(self, *args: Any, **kwargs: Any) -> None:
        self.calls.append((args, kwargs))

    def names(self) -> list[str]:
        """The events' names."""
        return [args[0] for args, _ in self.calls]


class InfoLog:
    """A logger that has nothing but ``info``; it is false, too."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __len__(self) -> int:
        return 0

    def info(self, *args: Any) -> None:
        self.calls.append(args)


class Here(State):
    """Reacts to ``go``, ``again``, ``loop``, ``break``."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        match message.get("type"):
            case "go":
                return True, There()
            case "again":
                return True, Here()
            case "loop":
                return True, self
            case "break":
                raise RuntimeError("broken")
            case "nonsense":
                return None

        return False, self


class There(State):
    """Where ``go`` leads."""

    async def handle_message(self, message: dict[str, Any], component: Any) -> Any:
        return False, self
