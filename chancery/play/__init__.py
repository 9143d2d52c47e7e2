"""Session folders: read, check, play, export. The format is the exit door, the backup and the rehearsal."""
