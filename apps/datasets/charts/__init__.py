"""The page's pictures as geometry: pure functions from numbers to what a template draws."""
