CREATE TYPE mood AS ENUM ('calm', 'glad', 'cross');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 10);
CREATE TABLE people (
    id int PRIMARY KEY, name text NOT NULL, email varchar(60) UNIQUE, salary numeric(10, 2), born date, active bool, mood mood);
CREATE VIEW adults AS SELECT id, name, email FROM people WHERE born < '2005-01-01';
CREATE TABLE numbers (n int, label text);
CREATE TABLE target (id int, body text);
CREATE TABLE blobs (id int, data bytea);
CREATE TABLE deferred (a int UNIQUE DEFERRABLE INITIALLY DEFERRED);
CREATE SEQUENCE counter;

CREATE FUNCTION reset_fixture() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
    TRUNCATE people, numbers, target, blobs, deferred;
    SELECT setval('counter', 1, false);
    INSERT INTO people VALUES
        (1, 'Ada', 'ada@example.org', 5200.50, '1985-12-10', true, 'calm'),
        (2, 'Brendan', 'brendan@example.org', 4100, '1991-02-28', false, 'glad'),
        (3, 'Čeněk', 'cenek@example.org', NULL, '2001-07-04', true, NULL),
        (4, 'Dörte', NULL, 0.01, '2008-01-31', NULL, 'cross'),
        (5, '', 'empty@example.org', -1, NULL, true, 'glad');
    INSERT INTO numbers SELECT n, 'number ' || n FROM generate_series(1, 1000) n;
    INSERT INTO target VALUES (1, 'one'), (2, NULL);
$$;

CREATE FUNCTION shout(what text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE 'shouting %', what USING DETAIL = 'a detail', HINT = 'a hint'; RETURN upper(what); END $$;
CREATE FUNCTION fails(what text) RETURNS int LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'failed on %', what USING ERRCODE = 'WG001', DETAIL = 'why it failed'; END $$;
CREATE FUNCTION slow() RETURNS text LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE 'running'; PERFORM pg_sleep(60); RETURN 'slept'; END $$;
CREATE PROCEDURE committing() LANGUAGE plpgsql AS $$
BEGIN INSERT INTO target VALUES (10, 'kept'); COMMIT; INSERT INTO target VALUES (11, 'lost'); ROLLBACK; END $$;
SELECT reset_fixture();
