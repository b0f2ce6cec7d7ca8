"""Setting Frontdoor up and running it: first-run tools, embedded PostgreSQL, training, one supervisor."""
