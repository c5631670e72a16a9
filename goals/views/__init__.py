"""Pages of the plan: doors that find, check, act and render."""
