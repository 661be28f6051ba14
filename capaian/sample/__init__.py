"""The sample agency: people, SOPs, periods relative to today."""
