"""Past surveys and contacts from files: read, checked, kept apart with where they came from, and taken back whole."""
