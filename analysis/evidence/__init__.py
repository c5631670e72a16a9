"""What goes along with a macro goal: ratios of risks, how far they can be trusted, and which of many stand out."""
