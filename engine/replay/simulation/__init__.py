"""Simulated customers: they want something, say it in many ways, and do not make it easy."""
