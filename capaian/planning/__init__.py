"""What was promised: plans, indicators and their cards, targets, agreements, budgets."""
