"""Shapes of files that bring more than prompts: their responses, and what was said of those elsewhere."""
