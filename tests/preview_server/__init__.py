"""A web server on loopback that serves preview pages as t.me does, and can be told to fail."""
