"""Formulas of performance measurement: dated, cited, exact. Pure Python, no Django."""
