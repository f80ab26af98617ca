"""HTTP: the same assistant as the command line's, for programs and for the page."""
