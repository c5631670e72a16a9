"""Cohorts: persons by when they first did something, and how many came back, or reached a goal, how much later."""
