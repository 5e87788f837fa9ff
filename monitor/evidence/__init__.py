"""What is handed to somebody who must be able to check it: one post with everything that is kept of it."""
