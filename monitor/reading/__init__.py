"""Reading channels live: under one budget of requests, each post once, and nothing missed without saying so."""
