"""Tables of the command line: CSV on all processors, and results as CSV, XLSX, JSON or on the terminal."""
