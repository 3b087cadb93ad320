-- The application's login owns the sample tables, so that nothing but WireGuardian stands between it and a DROP.
CREATE DATABASE shop;
CREATE USER app@127.0.0.1 IDENTIFIED BY 'app';
GRANT ALL ON shop.* TO app@127.0.0.1;
-- WireGuardian's own login reads the catalog: columns, views, triggers and routines. It needs no table's data.
CREATE USER guardian@127.0.0.1 IDENTIFIED BY '@GUARDIAN_PASSWORD@';
GRANT REFERENCES, SHOW VIEW, TRIGGER ON *.* TO guardian@127.0.0.1;
GRANT SELECT ON mysql.proc TO guardian@127.0.0.1;
