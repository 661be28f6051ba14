"""Stored files, kinds of papers, numbering, rendering and issuing."""
