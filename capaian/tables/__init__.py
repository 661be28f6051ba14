"""Tables of indicators as people keep them: reading CSV and XLSX, measuring rows, explaining published figures."""
