"""Every parser of the program on input that nobody meant: see README.md."""
