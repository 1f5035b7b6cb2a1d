-- Once, as the superuser: psql -f postgresql.sql
-- The role owns its one database and no other. CREATEDB lets backup --verify make a scratch database; without it set
-- BACKUP_SCRATCH_URL to an empty database that the role owns.
CREATE ROLE partnership LOGIN CREATEDB;
CREATE DATABASE partnership OWNER partnership ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE partnership FROM PUBLIC;
ALTER DATABASE partnership SET timezone = 'UTC';
-- What somebody forgot to end shall not keep others from writing.
ALTER ROLE partnership SET idle_in_transaction_session_timeout = '5min';
-- A save that was confirmed survives a power cut.
ALTER ROLE partnership SET synchronous_commit = on;
-- The pages ask many short questions: to compile them takes longer than to answer them.
ALTER ROLE partnership SET jit = off;
-- For 4 GB of memory; restart afterwards.
ALTER SYSTEM SET shared_buffers = '1GB';
ALTER SYSTEM SET effective_cache_size = '3GB';
ALTER SYSTEM SET work_mem = '16MB';
ALTER SYSTEM SET maintenance_work_mem = '256MB';
ALTER SYSTEM SET random_page_cost = 1.1;
ALTER SYSTEM SET max_connections = 60;
