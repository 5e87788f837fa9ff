"""What keeps the store sound while it is written to for years: room on the disk, its log, retention, backups."""
