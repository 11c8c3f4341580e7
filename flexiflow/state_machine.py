"""States, the registries that know them by name, and the machine that is in one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakSet

from flexiflow.code_facts import may_suspend
from flexiflow.errors import ErrorContext, StateError, state_not_found

if TYPE_CHECKING:
    from flexiflow.declarative import StateTable

__all__ = [
    "BUILTIN_STATES",
    "DEFAULT_REGISTRY",
    "ENTERING",
    "UNDECIDED",
    "UNKNOWN",
    "AwaitingConfirmation",
    "EngineFacts",
    "ErrorHandling",
    "InitialState",
    "Message",
    "ProcessingRequest",
    "State",
    "StateMachine",
    "StateRegistry",
    "Verdict",
]

Message = dict[str, Any]

Moves = Mapping[str, tuple[type[Any], str | None]]
"""message type -> the class of the next state, and the ``content`` that it takes, if it does."""


class Verdict:
    """Stands in for a next state where there is more to say than which one."""

    __slots__ = ()


UNDECIDED = Verdict()
"""Finding out what a message does takes more than looking."""

ENTERING = Verdict()
"""The next state is there, but entering it takes more than going there."""


class EngineFacts:
    """What the engine knows of a state class without running it.

    Attributes:
        moves: for builtin states, where their messages lead.
        decide: for states of packs, a plain function of (state, message, component) that gives the
            next state, ``None`` when the message leads nowhere, or ``UNDECIDED``. A class with a
            ``handle_message`` of its own has neither.
        waits: whether its ``handle_message`` may let other code run before it is through.
        table: what a YAML pack says about the state.
    """

    __slots__ = ("decide", "moves", "table", "waits")

    def __init__(
        self,
        *,
        moves: Moves | None = None,
        decide: Callable[[Any, Message, Any], Any] | None = None,
        waits: bool = True,
        table: StateTable | None = None,
    ) -> None:
        self.moves = moves
        self.decide = decide
        self.waits = waits
        self.table = table


UNKNOWN = EngineFacts()
"""For what is no :class:`State` or overrides nothing: it may do anything."""


class State:
    """A state of a machine; subclasses say in :meth:`handle_message` where a message leads."""

    __slots__ = ()

    _engine_facts: ClassVar[EngineFacts] = UNKNOWN

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = cls.__dict__.get("handle_message")
        if own is not None and "_engine_facts" not in cls.__dict__:
            waits = not isinstance(own, FunctionType) or may_suspend(own)
            cls._engine_facts = EngineFacts(waits=waits, table=cls._engine_facts.table)

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:
        """Reacts to a message.

        Args:
            message: the message.
            component: whose state this is.

        Returns:
            Whether to proceed, and the state to proceed to; that is ignored when not proceeding.
        """
        raise NotImplementedError


class _Builtin(State):
    """A state that is a table of moves."""

    __slots__ = ()

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:  # noqa: ARG002 - a state's method
        moves = self._engine_facts.moves or {}
        try:
            target, content = moves[message.get("type", "")]
        except (KeyError, TypeError):  # TypeError: a type that cannot be a key
            return False, self

        fits = content is None or message.get("content") == content
        return (True, target()) if fits else (False, self)


class InitialState(_Builtin):
    """Where a component starts: ``start`` leads to :class:`AwaitingConfirmation`."""

    __slots__ = ()


class AwaitingConfirmation(_Builtin):
    """``confirm`` with content ``confirmed`` leads on, ``cancel`` back to the start."""

    __slots__ = ()


class ProcessingRequest(_Builtin):
    """``complete`` leads back to the start, ``error`` to :class:`ErrorHandling`."""

    __slots__ = ()


class ErrorHandling(_Builtin):
    """``acknowledge`` leads back to the start."""

    __slots__ = ()


def _set_moves(state_cls: type[State], moves: Moves) -> None:
    state_cls._engine_facts = EngineFacts(moves=moves, waits=False)


_set_moves(InitialState, {"start": (AwaitingConfirmation, None)})
_set_moves(
    AwaitingConfirmation,
    {"confirm": (ProcessingRequest, "confirmed"), "cancel": (InitialState, None)},
)
_set_moves(ProcessingRequest, {"complete": (InitialState, None), "error": (ErrorHandling, None)})
_set_moves(ErrorHandling, {"acknowledge": (InitialState, None)})


_MAX_LABELS = 1024


class StateRegistry:
    """Name -> state class; may be layered over another registry, whose names it sees and may hide.

    Args:
        parent: the registry below; what is registered here is invisible there.

    Attributes:
        labels: class -> :meth:`label`, as far as it has been asked for.
    """

    def __init__(self, parent: StateRegistry | None = None) -> None:
        self.parent = parent
        self._states: dict[str, type[State]] = {}
        self.labels: dict[type[Any], str] = {}
        self._layers: WeakSet[StateRegistry] | None = None  # registries directly over this one
        if parent is not None:
            if parent._layers is None:
                parent._layers = WeakSet()

            parent._layers.add(self)

    def register(self, name: str, state_cls: type[Any]) -> None:
        """Stores a class under a name, in place of the one that was there.

        Args:
            name: the name.
            state_cls: any class; whether it derives from :class:`State` is not checked here.
        """
        self._states[name] = state_cls
        self._forget_labels()

    def unregister(self, name: str) -> None:
        """Removes a name from this layer; does nothing for an unknown one."""
        self._states.pop(name, None)
        self._forget_labels()

    def create(self, name: str) -> State:
        """A new instance of the class of that name, made without arguments.

        Raises:
            StateError: the name is unknown.
        """
        state_cls = self.find(name)
        if state_cls is None:
            raise state_not_found(name, self.names())

        return state_cls()

    def names(self) -> list[str]:
        """All names that can be created, sorted."""
        return sorted(self._visible())

    def find(self, name: str) -> type[State] | None:
        """The class of that name, in the topmost layer that has one."""
        registry: StateRegistry | None = self
        while registry is not None:
            state_cls = registry._states.get(name)
            if state_cls is not None:
                return state_cls

            registry = registry.parent

        return None

    def find_stored(self, name: str) -> type[State] | None:
        """The class that a snapshot means: the one of that name, else the only one so called."""
        state_cls = self.find(name)
        if state_cls is not None:
            return state_cls

        called = {found for found in self._visible().values() if found.__name__ == name}
        return called.pop() if len(called) == 1 else None

    def label(self, state_cls: type[Any]) -> str:
        """The name of a class in events and snapshots.

        It is the name under which it is registered, if that is exactly one beside the class's own;
        else the class's own name.
        """
        label = self.labels.get(state_cls)
        if label is None:
            own = state_cls.__name__
            others = [
                name
                for name, found in self._visible().items()
                if found is state_cls and name != own
            ]
            label = others[0] if len(others) == 1 else own
            if len(self.labels) >= _MAX_LABELS:
                self.labels.clear()  # classes may be made without end

            self.labels[state_cls] = label

        return label

    def _visible(self) -> dict[str, type[State]]:
        below = {} if self.parent is None else self.parent._visible()
        return below | self._states

    def _forget_labels(self) -> None:
        for registry in self._with_layers():
            registry.labels.clear()

    def _with_layers(self) -> Iterator[StateRegistry]:
        yield self
        for layer in self._layers or ():
            yield from layer._with_layers()


BUILTIN_STATES: tuple[type[State], ...] = (
    AwaitingConfirmation,
    ErrorHandling,
    InitialState,
    ProcessingRequest,
)

DEFAULT_REGISTRY = StateRegistry()
for _state_cls in BUILTIN_STATES:
    DEFAULT_REGISTRY.register(_state_cls.__name__, _state_cls)


@dataclass
class StateMachine:
    """Is in one state and hands it the messages.

    Attributes:
        current_state: the state.
        registry: where states are looked up by name.
    """

    current_state: State
    registry: StateRegistry = DEFAULT_REGISTRY

    @classmethod
    def from_name(cls, state_name: str, registry: StateRegistry = DEFAULT_REGISTRY) -> StateMachine:
        """A machine in the state of that name.

        Raises:
            StateError: the registry does not know the name.
        """
        return cls(registry.create(state_name), registry)

    async def handle_message(self, message: Message, component: Any) -> Any:
        """Lets the current state react, and changes to the next one if it proceeds.

        Args:
            message: the message.
            component: passed on to the state as it is.

        Returns:
            What the state said about proceeding.

        Raises:
            StateError: the state's result is no pair, or names no state to proceed to.
        """
        state = self.current_state
        proceed, target = checked_result(state, await state.handle_message(message, component))
        if proceed:
            self.current_state = target

        return proceed


def checked_result(state: State, result: Any) -> tuple[Any, Any]:
    """The pair that a state's ``handle_message`` gave.

    Raises:
        StateError: it is no pair, or wants to proceed to something that handles no messages.
    """
    try:
        proceed, target = result
    except (TypeError, ValueError):
        pass
    else:
        if not proceed or isinstance(target, State) or _handles_messages(target):
            return proceed, target

    raise StateError(
        f"State '{type(state).__name__}' gave no valid result: {result!r}",
        why="handle_message must return a pair: whether to proceed, and the next state.",
        fix="Return (True, NextState()) to move on, or (False, self) to stay.",
        context=ErrorContext({"state": type(state).__name__, "result": repr(result)}),
    )


def _handles_messages(target: object) -> bool:
    return callable(getattr(target, "handle_message", None))
