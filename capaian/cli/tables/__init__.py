"""Tables of indicators for the command line: reading CSV and XLSX, measuring rows, writing CSV, XLSX, JSON."""
