-- The amended paths as they are published, of everybody.
select * from {stored}_amended
