"""FlexiFlow Designer: draw a state flow, save it as YAML, run it on the real engine."""
