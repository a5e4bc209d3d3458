"""Benchmarks: what one turn costs, beside a floor that no turn can beat."""
