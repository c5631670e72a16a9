"""The arithmetic: arrays in, arrays out; knows numpy and scipy, and nothing of ours."""
