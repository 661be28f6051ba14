"""SOP B: methodology of the year, worksheets, achievements, recapitulation per level."""
