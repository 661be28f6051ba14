"""SOP A: rounds, unit forms, actuals, evidence, receipts, recapitulation."""
