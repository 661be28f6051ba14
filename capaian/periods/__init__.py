"""Months, quarters, years and working time. Pure Python: knows no database and no Django."""
