"""The public pages. None touches a session, a user or a cookie."""
