"""What the canvas tells assistive technology: the selection, in words."""

from __future__ import annotations

from designer.canvas.captions import transition_sentence
from designer.canvas.scene import FlowScene
from designer.commands.wording import count_text, elements_text
from designer.document.elements import ElementId, State, Transition

__all__ = ["describe_element", "describe_selection"]


def describe_selection(scene: FlowScene) -> str:
    """One sentence about what is selected, or about the whole flow."""
    selected = scene.selected_ids()
    if len(selected) == 1:
        return describe_element(scene, selected[0])

    document = scene.document
    if selected:
        return f"{elements_text(document, selected)} selected"
    states = count_text(len(document.states), "state")
    return f"{states} and {count_text(len(document.transitions), 'transition')}"


def describe_element(scene: FlowScene, element_id: ElementId) -> str:
    """One element, in words."""
    document = scene.document
    element = document.find(element_id)
    if isinstance(element, State):
        leaving = sum(edge.source == element_id for edge in document.transitions)
        facts = [
            "initial" if document.flow.initial == element_id else "",
            "final" if element.final else "",
            "active" if scene.overlay.active == element_id else "",
            f"{leaving} leaving" if leaving else "",
            element.description or "",
        ]
        return ", ".join([f"State {element.key}", *(fact for fact in facts if fact)])

    if isinstance(element, Transition):
        source = document.state_for(element.source).key
        target = document.state_for(element.target).key if element.target else None
        label = scene.drawing.labels[element_id]
        return f"Transition {transition_sentence(label, source, target)}"
    return ""
