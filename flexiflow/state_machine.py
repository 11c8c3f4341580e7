"""States, the registries that know them by name, and the machine that is in one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast
from weakref import WeakSet

from flexiflow.code_facts import may_suspend
from flexiflow.errors import ErrorContext, StateError, state_not_found
from flexiflow.safe_text import safe_repr

if TYPE_CHECKING:
    from flexiflow.declarative import StateTable

__all__ = [
    "BUILTIN_STATES",
    "DEFAULT_REGISTRY",
    "ENTERING",
    "UNDECIDED",
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
    "create_stored",
    "label_in",
]

Message = dict[str, Any]

Moves = Mapping[str, tuple[type["State"], str | None]]
"""message type -> the class of the next state, and the ``content`` that it takes, if it does."""


class Verdict:
    """Stands in for a next state where there is more to say than which one.

    Attributes:
        error: finding it out has failed.
    """

    __slots__ = ("error",)

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


UNDECIDED = Verdict()
"""Finding out what a message does takes more than looking."""

ENTERING = Verdict()
"""The next state is there, but entering it takes more than going there."""


class EngineFacts:
    """What the engine knows of a state class without running it.

    It counts only as long as ``method`` is what a state of the class handles messages with: that
    may be replaced at any time, on the class as on a single state.

    Attributes:
        method: the function that all this is known of, which lets no other code run before it is
            through; ``None`` where it may.
        moves: for builtin states, where their messages lead.
        decide: for states of packs, a plain function of (state, message, component) that gives the
            next state, ``None`` when the message leads nowhere, or ``UNDECIDED``. A class with a
            ``handle_message`` of its own has neither.
        table: what a YAML pack says about the state.
    """

    __slots__ = ("decide", "method", "moves", "table")

    def __init__(
        self,
        method: object = None,
        *,
        moves: Moves | None = None,
        decide: Callable[[Any, Message, Any], Any] | None = None,
        table: StateTable | None = None,
    ) -> None:
        self.method = method
        self.moves = moves
        self.decide = decide
        self.table = table


_UNKNOWN = EngineFacts()
"""For what is no :class:`State` or overrides nothing: it may do anything."""


class State:
    """A state of a machine; subclasses say in :meth:`handle_message` where a message leads."""

    __slots__ = ()

    _engine_facts: ClassVar[EngineFacts] = _UNKNOWN

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        method = cls.handle_message
        if method is not cls._engine_facts.method and "_engine_facts" not in cls.__dict__:
            waits = not isinstance(method, FunctionType) or may_suspend(method)
            known = None if waits else method
            cls._engine_facts = EngineFacts(known, table=cls._engine_facts.table)

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

    _moves: ClassVar[Moves] = {}

    async def handle_message(self, message: Message, component: Any) -> tuple[bool, State]:  # noqa: ARG002 - a state's method
        kind = message.get("type", "")
        try:
            target, content = self._moves[kind]
        except (KeyError, TypeError):  # TypeError: a type that cannot be a key
            return False, self

        fits = content is None or message.get("content") == content
        return (True, target()) if fits else (False, self)


class InitialState(_Builtin):
    """Where a component starts: ``start`` leads to :class:`AwaitingConfirmation`."""


class AwaitingConfirmation(_Builtin):
    """``confirm`` with content ``confirmed`` leads on, ``cancel`` back to the start."""


class ProcessingRequest(_Builtin):
    """``complete`` leads back to the start, ``error`` to :class:`ErrorHandling`."""


class ErrorHandling(_Builtin):
    """``acknowledge`` leads back to the start."""


def _set_moves(state_cls: type[_Builtin], moves: Moves) -> None:
    state_cls._moves = moves
    state_cls._engine_facts = EngineFacts(_Builtin.handle_message, moves=moves)


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

    parent: StateRegistry | None
    labels: dict[type[Any], str]
    _states: dict[str, type[State]]
    _aliases: frozenset[str]  # those of the names that no event or snapshot uses
    _layers: WeakSet[StateRegistry] | None  # registries directly over this one

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """An empty registry, also of a subclass whose constructor does not call this one's."""
        registry = super().__new__(cls)
        registry.parent = registry._layers = None
        registry._states, registry.labels, registry._aliases = {}, {}, frozenset()
        return registry

    def __init__(self, parent: StateRegistry | None = None) -> None:
        self._lie_over(parent)

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles take over; who lies over a registry is theirs to say."""
        return {name: value for name, value in vars(self).items() if name != "_layers"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Makes the copy known to the registry below."""
        vars(self).update(state)
        self._lie_over(self.parent)

    def _lie_over(self, parent: StateRegistry | None) -> None:
        self.parent = parent
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
        self._aliases -= {name}
        self._forget_labels()

    def register_alias(self, name: str, state_cls: type[Any]) -> None:
        """Stores a class under a further name, which does not count for :meth:`label`."""
        self.register(name, state_cls)
        self._aliases |= {name}

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

        It is the class's own name, unless the class is registered under exactly one name and that
        is another.
        """
        label = self.labels.get(state_cls)
        if label is None:
            found = self._visible(aliases=False).items()
            names = [name for name, registered in found if registered is state_cls]
            label = names[0] if len(names) == 1 else state_cls.__name__
            if len(self.labels) >= _MAX_LABELS:
                self.labels.clear()  # classes may be made without end

            self.labels[state_cls] = label

        return label

    def _visible(self, *, aliases: bool = True) -> dict[str, type[State]]:
        below = {} if self.parent is None else self.parent._visible(aliases=aliases)
        visible = below | self._states
        return visible if aliases else {n: c for n, c in visible.items() if n not in self._aliases}

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


def label_in(registry: object, state: object) -> str:
    """The name of a state in events and snapshots; a registry of another make gives none."""
    kind = type(state)
    is_ours = issubclass(type(registry), StateRegistry)  # isinstance() believes in test doubles
    return cast("StateRegistry", registry).label(kind) if is_ours else kind.__name__


def create_stored(registry: Any, name: str) -> State:
    """A new instance of the state that a snapshot means.

    Raises:
        StateError: the registry knows neither a state of that name nor one class so called.
    """
    try:
        state: State = registry.create(name)
    except StateError:
        state_cls = registry.find_stored(name) if isinstance(registry, StateRegistry) else None
        if state_cls is None:
            raise

        state = state_cls()

    return state


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
        f"State '{type(state).__name__}' gave no valid result: {safe_repr(result)}",
        why="handle_message must return a pair: whether to proceed, and the next state.",
        fix="Return (True, NextState()) to move on, or (False, self) to stay.",
        context=ErrorContext({"state": type(state).__name__, "result": safe_repr(result)}),
    )


def _handles_messages(target: object) -> bool:
    return callable(getattr(target, "handle_message", None))
