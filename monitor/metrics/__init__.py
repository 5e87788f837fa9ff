"""Figures for Prometheus, served on loopback alone."""
