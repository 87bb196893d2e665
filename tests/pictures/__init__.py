"""`./ats screenshots`: a picture of every screen, from a real installation with a small company in it."""
