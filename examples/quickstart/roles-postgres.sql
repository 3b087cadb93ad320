-- The application's login owns the sample tables, so that nothing but WireGuardian stands between it and a DROP.
CREATE ROLE app LOGIN PASSWORD 'app';
-- WireGuardian's own login reads the catalog: it needs no right on any table.
CREATE ROLE guardian LOGIN PASSWORD :'guardian_password';
-- What the server prints for it about statements stays out of the server's log.
ALTER ROLE guardian SET log_min_messages = 'panic';
CREATE DATABASE shop OWNER app;
\connect shop
ALTER SCHEMA public OWNER TO app;
GRANT USAGE ON SCHEMA public TO guardian;
