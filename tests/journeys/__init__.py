"""The whole product, used by people: a resident, an agent and a service owner, each in a real browser."""
