"""Who may sign in, as what, and how; and who did what."""
