"""The service owner's page: where we are, whether it is changing, why, and what to do."""
