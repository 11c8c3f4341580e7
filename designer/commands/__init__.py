"""Every edit of a flow, as one undoable step."""
