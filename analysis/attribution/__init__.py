"""Who gets the credit: eligible paths, one function per model, and the table of credits."""
