"""The content editor's room: what is said of each service, how well it is understood, and what fell through."""
