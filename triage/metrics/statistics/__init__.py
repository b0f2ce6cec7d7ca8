"""Arithmetic that figures rest on: weights, intervals, charts of change, and what must not be shown. Pure."""
