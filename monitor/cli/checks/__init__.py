"""Parts of `monitor check`: each says what it found, and none stops the others."""
