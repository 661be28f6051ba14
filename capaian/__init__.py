"""Capaian: runs the SOP by which an agency collects performance data and measures achievement."""

__version__ = "0.1.0"
