"""The one table of actions: menus, toolbar, shortcuts sheet and command palette come from it."""

from __future__ import annotations

from designer.shell.action_spec import ActionSpec, CanvasKey, Scope, When

__all__ = [
    "ACTIONS",
    "CANVAS_KEYS",
    "CONTEXT_MENU",
    "MENUS",
    "SEPARATOR",
    "SUBMENUS",
    "TOOLBAR",
]


#: The menus of the menu bar, in order.
MENUS = ("File", "Edit", "View", "Flow", "Run", "Help")

#: Submenus: name -> the menu it is in. Each stands where its first action does.
SUBMENUS = {"Theme": "View", "Speed": "Run"}

SEPARATOR = ""

#: The toolbar, left to right.
TOOLBAR = (
    "file.new",
    "file.open",
    "file.save",
    SEPARATOR,
    "edit.undo",
    "edit.redo",
    SEPARATOR,
    "flow.add_state",
    "flow.append",
    SEPARATOR,
    "flow.tidy",
    "view.fit",
    SEPARATOR,
    "run.start",
    "run.pause",
    "run.step",
    "run.stop",
)

#: What a right click on the canvas offers.
CONTEXT_MENU = (
    "flow.add_state",
    "flow.append",
    "flow.set_initial",
    SEPARATOR,
    "edit.rename",
    "edit.delete",
    SEPARATOR,
    "edit.select_all",
    "flow.tidy",
    "view.fit",
)

_FILE = (
    ActionSpec(
        "file.new",
        "New flow",
        "File",
        ("Ctrl+N",),
        "file-plus",
        "Starts an empty flow in a tab of its own",
        when=When.ALWAYS,
    ),
    ActionSpec(
        "file.open",
        "Open...",
        "File",
        ("Ctrl+O",),
        "folder-open",
        "Opens a component config or a YAML pack",
        when=When.ALWAYS,
    ),
    ActionSpec(
        "file.save",
        "Save",
        "File",
        ("Ctrl+S",),
        "save",
        "Writes the flow's files",
        gap=True,
    ),
    ActionSpec(
        "file.save_as",
        "Save as...",
        "File",
        ("Ctrl+Shift+S",),
        tip="Writes the flow to another file",
    ),
    ActionSpec(
        "file.close",
        "Close flow",
        "File",
        ("Ctrl+W",),
        tip="Closes the tab, and asks first when it is not saved",
        gap=True,
    ),
    ActionSpec(
        "file.quit",
        "Quit",
        "File",
        ("Ctrl+Q",),
        tip="Closes the window, and asks first about what is not saved",
        when=When.ALWAYS,
    ),
)

_EDIT = (
    ActionSpec(
        "edit.undo",
        "Undo",
        "Edit",
        ("Ctrl+Z",),
        "undo-2",
        "Takes the last edit back",
        when=When.UNDO,
    ),
    ActionSpec(
        "edit.redo",
        "Redo",
        "Edit",
        ("Ctrl+Y", "Ctrl+Shift+Z"),
        "redo-2",
        "Makes the edit again that was taken back",
        when=When.REDO,
    ),
    ActionSpec(
        "edit.select_all",
        "Select all",
        "Edit",
        ("Ctrl+A",),
        tip="Selects every state and transition",
        scope=Scope.CANVAS,
        gap=True,
    ),
    ActionSpec(
        "edit.rename",
        "Rename",
        "Edit",
        ("F2", "Return"),
        tip="Edits the name of a state or the label of a transition in place",
        when=When.SELECTION,
        scope=Scope.CANVAS,
    ),
    ActionSpec(
        "edit.delete",
        "Delete",
        "Edit",
        ("Del", "Backspace"),
        "trash-2",
        "Removes what is selected; a state takes its transitions along",
        when=When.SELECTION,
        scope=Scope.CANVAS,
    ),
    ActionSpec(
        "edit.find",
        "Find in the flow",
        "Edit",
        ("Ctrl+F",),
        "search",
        "Searches states, messages and guards in the Outline",
        gap=True,
    ),
)

_VIEW = (
    ActionSpec("view.zoom_in", "Zoom in", "View", ("Ctrl++", "Ctrl+=")),
    ActionSpec("view.zoom_out", "Zoom out", "View", ("Ctrl+-",)),
    ActionSpec("view.zoom_reset", "Zoom to 100 %", "View", ("Ctrl+0",)),
    ActionSpec(
        "view.fit",
        "Fit the flow",
        "View",
        ("Ctrl+1",),
        "maximize",
        "Zooms so that the whole flow is in view",
    ),
    ActionSpec(
        "view.fit_selection",
        "Fit the selection",
        "View",
        ("Ctrl+2",),
        when=When.SELECTION,
    ),
    ActionSpec("view.next_tab", "Next flow", "View", ("Ctrl+Tab", "Ctrl+PgDown"), gap=True),
    ActionSpec("view.previous_tab", "Previous flow", "View", ("Ctrl+Shift+Tab", "Ctrl+PgUp")),
    ActionSpec("view.outline", "Outline", "View", checkable=True, when=When.ALWAYS, gap=True),
    ActionSpec("view.properties", "Properties", "View", checkable=True, when=When.ALWAYS),
    ActionSpec("view.rules", "Rules", "View", checkable=True, when=When.ALWAYS),
    ActionSpec("view.event_log", "Event log", "View", checkable=True, when=When.ALWAYS),
    ActionSpec("view.snapshots", "Snapshots", "View", checkable=True, when=When.ALWAYS),
    ActionSpec("view.messages", "Messages", "View", checkable=True, when=When.ALWAYS),
    ActionSpec(
        "view.reset_layout",
        "Reset layout",
        "View",
        tip="Puts every dock back where it was at the first start",
        when=When.ALWAYS,
    ),
    ActionSpec(
        "theme.system",
        "As the system",
        "Theme",
        tip="Light or dark, as the system is",
        checkable=True,
        group="theme",
        when=When.ALWAYS,
        gap=True,
    ),
    ActionSpec("theme.light", "Light", "Theme", checkable=True, group="theme", when=When.ALWAYS),
    ActionSpec("theme.dark", "Dark", "Theme", checkable=True, group="theme", when=When.ALWAYS),
)

_FLOW = (
    ActionSpec(
        "flow.add_state",
        "Add a state",
        "Flow",
        ("N",),
        "rectangle-horizontal",
        "Adds a state and edits its name at once",
        scope=Scope.CANVAS,
    ),
    ActionSpec(
        "flow.append",
        "Add a transition",
        "Flow",
        ("A",),
        "move-right",
        "From the selected state to a new one, or between two selected states",
        when=When.STATE,
        scope=Scope.CANVAS,
    ),
    ActionSpec(
        "flow.set_initial",
        "Start in this state",
        "Flow",
        tip="Makes the selected state the initial one",
        when=When.STATE,
    ),
    ActionSpec(
        "flow.tidy",
        "Tidy",
        "Flow",
        ("Ctrl+Shift+A",),
        "workflow",
        "Arranges the flow so that it fits the window",
        gap=True,
    ),
    ActionSpec(
        "flow.tidy_down",
        "Tidy downwards",
        "Flow",
        tip="Arranges the flow in layers, from top to bottom",
    ),
    ActionSpec(
        "flow.trust",
        "Trust this folder",
        "Flow",
        icon="shield",
        tip="Lets flows of this folder run the Python code they name",
        checkable=True,
        when=When.CODE,
        gap=True,
    ),
)

_RUN = (
    ActionSpec(
        "run.start",
        "Run",
        "Run",
        ("F5",),
        "play-filled",
        "Starts the flow as it is on the canvas, from its initial state",
    ),
    ActionSpec(
        "run.pause",
        "Pause",
        "Run",
        ("F6",),
        "pause",
        "Holds the running flow: messages wait, timers too",
        checkable=True,
        when=When.ACTIVE,
    ),
    ActionSpec(
        "run.step",
        "Step",
        "Run",
        ("F10",),
        "step-forward",
        "Lets one waiting message through",
        when=When.HELD,
    ),
    ActionSpec("run.stop", "Stop", "Run", ("Shift+F5",), "square", when=When.ACTIVE),
    ActionSpec(
        "run.send",
        "Send a message...",
        "Run",
        ("Ctrl+M",),
        tip="Goes to the Messages dock",
        when=When.ACTIVE,
        gap=True,
    ),
    ActionSpec(
        "speed.real",
        "Real time",
        "Speed",
        tip="Timers take as long as they say",
        checkable=True,
        group="speed",
        when=When.ALWAYS,
        gap=True,
    ),
    ActionSpec(
        "speed.ten",
        "10 times",
        "Speed",
        tip="Timers take a tenth of what they say",
        checkable=True,
        group="speed",
        when=When.ALWAYS,
    ),
    ActionSpec(
        "speed.max",
        "As fast as possible",
        "Speed",
        tip="Timers take no time: a virtual clock jumps to the next one",
        checkable=True,
        group="speed",
        when=When.ALWAYS,
    ),
)

_HELP = (
    ActionSpec(
        "help.palette",
        "Search or run a command",
        "Help",
        ("Ctrl+Shift+P",),
        "search",
        "Searches every action and every state",
        when=When.ALWAYS,
    ),
    ActionSpec("help.shortcuts", "Keyboard shortcuts", "Help", ("?",), "info", when=When.ALWAYS),
    ActionSpec("help.about", "About FlexiFlow Designer", "Help", when=When.ALWAYS, gap=True),
)

#: Every action, in the order of the menus.
ACTIONS: tuple[ActionSpec, ...] = (*_FILE, *_EDIT, *_VIEW, *_FLOW, *_RUN, *_HELP)

#: What else the canvas understands.
CANVAS_KEYS = (
    CanvasKey("Double-click", "Add a state; on a state or label: edit its text"),
    CanvasKey("Drag from a state's border", "Draw a transition; on empty canvas: with a new state"),
    CanvasKey("Drag an end of a transition", "Lead it from or to another state"),
    CanvasKey("Drag", "Move states; on empty canvas: select what the band touches"),
    CanvasKey("Alt while dragging", "No snapping"),
    CanvasKey("Arrow keys, Shift: far", "Move the selection"),
    CanvasKey("Tab, Alt+arrow keys", "Select the next or the nearest item"),
    CanvasKey("Shift or Ctrl+click", "Add to the selection, or take away"),
    CanvasKey("Space+drag, middle drag", "Move the view"),
    CanvasKey("Wheel, Shift: sideways", "Scroll"),
    CanvasKey("Ctrl+wheel", "Zoom at the pointer"),
    CanvasKey("Escape", "Give up what is being dragged or typed"),
)
