"""The units under a real systemd: a machine of its own is booted for them."""
