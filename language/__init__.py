"""How words are read: sentence vectors, intents, danger, redaction and themes. A leaf: it imports nothing of ours."""
