"""Learning from agents: what they put right, a sorter that is trained on it, and rules that they add."""
