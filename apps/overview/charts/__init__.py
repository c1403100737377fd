"""Pictures as geometry: pure functions from numbers to what a template draws. No Django in here."""
