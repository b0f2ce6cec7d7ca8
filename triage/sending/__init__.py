"""Sending to somebody else's system: what every room that does so shares, be it a case, a message or a summary."""
