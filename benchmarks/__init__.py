"""Speed, measured against a limit in the same run and reported as a ratio. Nothing here is a test."""
