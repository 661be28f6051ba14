"""Paperwork that both SOPs share: orders, meetings, plans, checklists, dispositions, follow-up."""
