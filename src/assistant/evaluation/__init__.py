"""`assistant evaluate`: measures what a user would get, through the same code that serves users."""
