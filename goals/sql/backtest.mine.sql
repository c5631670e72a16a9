-- The proposed goal's conversions, kept for the questions about them.
create or replace temporary table mine as
{dated}
