"""Google Analytics 4: what its tags, servers and apps send."""
