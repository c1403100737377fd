"""A prompt's story as a line of time: from where it came to what people said of its responses."""
