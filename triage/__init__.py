"""The contact centre: conversations, contacts, queues, the desk, surveys and figures."""
