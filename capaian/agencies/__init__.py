"""Region, agency, unit, person, position with dates (Plt./Plh.), and what a person may act for."""
