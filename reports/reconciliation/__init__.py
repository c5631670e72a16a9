"""What ad platforms claim beside what is credited here, and what ads cost beside what they brought."""
