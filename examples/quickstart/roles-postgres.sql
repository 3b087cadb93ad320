-- The application's login owns the sample tables, so that nothing but WireGuardian stands between it and a DROP.
CREATE ROLE app LOGIN PASSWORD 'app';
-- WireGuardian's own login reads the catalog: it needs no right on any table.
CREATE ROLE guardian LOGIN PASSWORD :'guardian_password';
ALTER ROLE guardian SET log_min_messages = 'panic';
ALTER ROLE guardian SET client_min_messages = 'log';
ALTER ROLE guardian SET debug_print_rewritten = on;
ALTER ROLE guardian SET debug_pretty_print = off;
CREATE DATABASE shop OWNER app;
\connect shop
ALTER SCHEMA public OWNER TO app;
GRANT USAGE ON SCHEMA public TO guardian;
