-- The persons' sessions of the state before and of now, of files that both have and of those that one has alone.
create temp view few_sessions_before as from few_sessions_both union all from few_sessions_old;
create temp view few_sessions as from few_sessions_both union all from few_sessions_new
