"""Media that are kept for evidence: which, up to what size, and the folder that holds them; none is passed on."""
