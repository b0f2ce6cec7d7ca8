"""Comments that come with survey answers: read, grouped by theme, shown to owners, and answered in public."""
