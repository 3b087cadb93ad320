-- A small shop, in PostgreSQL and in MariaDB: people with things nobody should see, and their orders.
CREATE TABLE people (
    id int PRIMARY KEY, name text NOT NULL, email text, ssn text, phone text, salary numeric(10, 2), born date);
CREATE TABLE orders (
    id int PRIMARY KEY, person_id int NOT NULL REFERENCES people (id), item text NOT NULL, total numeric(10, 2) NOT NULL);
INSERT INTO people VALUES
    (1, 'Ada Novak', 'ada.novak@example.org', '123-45-6789', '+420 601 111 222', 5200.00, '1985-12-10'),
    (2, 'Ben Okafor', 'ben@example.com', '987-65-4321', '+44 7700 900123', 4100.50, '1991-02-28'),
    (3, 'Chloe Martin', NULL, '555-12-3456', NULL, 6350.00, '1978-07-04');
INSERT INTO orders VALUES
    (1, 1, 'keyboard', 89.90), (2, 1, 'monitor', 249.00), (3, 2, 'desk', 410.00), (4, 3, 'lamp', 35.50);
-- For the tour to drop.
CREATE TABLE drafts (LIKE orders);
INSERT INTO drafts VALUES (0, 1, 'typewriter', 60.00);
