"""The agent's room: whose turn it is, the conversation, and what an agent needs to know to settle it."""
