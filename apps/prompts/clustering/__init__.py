"""Prompts that say nearly the same: found, grouped into clusters, and decided about."""
