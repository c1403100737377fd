"""Imports as background work: stored, looked at, mapped, then worked off part by part by whoever is free."""
