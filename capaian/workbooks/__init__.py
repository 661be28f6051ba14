"""Workbooks (XLSX) read from their own XML: sizes first, numbers as written, every fault at its cell."""
