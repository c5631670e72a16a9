"""What a person may ask of us: to be given what is stored of them, and to be forgotten."""
