"""Servers on loopback that behave as suppliers do, well or badly."""
