"""What stands at the left of the desk: how many prompts there are of each kind under its filter."""
