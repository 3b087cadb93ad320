CREATE TABLE people (id int PRIMARY KEY, name varchar(40) NOT NULL, born date, salary decimal(10, 2), active bool DEFAULT true, notes text, KEY by_name (name));;
CREATE TABLE target (id int AUTO_INCREMENT PRIMARY KEY, word varchar(20) UNIQUE, amount tinyint, parent int, FOREIGN KEY (parent) REFERENCES people (id));;
CREATE TABLE types (
  id int PRIMARY KEY, t1 tinyint, t2 smallint unsigned, t3 mediumint, t4 int unsigned, t5 bigint, t6 bigint unsigned, f1 float, f2 double, d1 decimal(20, 5), b1 bit(12),
  y1 year, da date, ti time(6), dt datetime(6), ts timestamp(3) NULL, c1 char(10), c2 varchar(300), bi binary(6), vb varbinary(20), tx text, mt mediumtext, bl blob,
  en enum('small', 'large'), st set('a', 'b', 'c'), js json, ge geometry, la varchar(20) CHARACTER SET latin1, zf int(6) unsigned zerofill);;
CREATE VIEW adults AS SELECT id, name, born FROM people WHERE born < '2000-01-01';;
CREATE PROCEDURE reset_fixture() BEGIN
  DELETE FROM target; DELETE FROM types; DELETE FROM people;
  INSERT INTO people VALUES (1, 'Ada', '1815-12-10', 100.50, true, NULL), (2, 'Ben', '1990-01-02', 200, false, ''), (3, 'Zoë', '2005-06-07', NULL, true, 'long ago');
  INSERT INTO target VALUES (1, 'one', 1, 1), (2, 'two', 2, NULL);
  INSERT INTO types VALUES (1, -128, 65535, -8388608, 4294967295, -9223372036854775808, 18446744073709551615, 1.5, -2.25e100, -12345678901234.56789, b'101010101010',
    2024, '2020-02-29', '-838:59:58.000001', '2020-02-29 23:59:59.123456', '2021-01-01 00:00:01.5', 'char', 'varchar ÿ', 'bin', x'00FF', 'text', 'medium', x'0001027F80FF',
    'large', 'a,c', '{"a": [1, null, "x"]}', ST_GeomFromText('POINT(1 2)'), 'é', 42);
  INSERT INTO types (id) VALUES (2);
  INSERT INTO types VALUES (3, 0, 0, 0, 0, 0, 0, 0, 0, 0, b'0', 1901, '1000-01-01', '00:00:00', '1000-01-01 00:00:00', '1970-01-02 00:00:00', '', '', '', '', '', '', '',
    'small', '', 'null', ST_GeomFromText('LINESTRING(0 0,1 1)'), '', 0);
END;;
CREATE PROCEDURE no_result() DO 1;;
CREATE PROCEDURE one_result() SELECT name FROM people ORDER BY id;;
CREATE PROCEDURE two_results() BEGIN SELECT name FROM people ORDER BY id; SELECT 2 AS two, 'second' AS which; END;;
CREATE PROCEDURE out_values(IN a int, INOUT b varchar(20), OUT c decimal(10, 2)) BEGIN SET b = CONCAT(b, '-', a); SET c = a / 4; END;;
CREATE PROCEDURE out_and_result(OUT total int) BEGIN SELECT id, name FROM people ORDER BY id; SELECT COUNT(*) INTO total FROM people; END;;
CREATE PROCEDURE fails_in_the_middle() BEGIN SELECT 'before'; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'stopped', MYSQL_ERRNO = 5001; SELECT 'after'; END;;
CREATE PROCEDURE warns() BEGIN SIGNAL SQLSTATE '01000' SET MESSAGE_TEXT = 'careful'; END;;
CREATE PROCEDURE reads_by_cursor() BEGIN
  DECLARE n varchar(40); DECLARE done int DEFAULT 0; DECLARE c CURSOR FOR SELECT name FROM people ORDER BY id; DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
  OPEN c; REPEAT FETCH c INTO n; IF NOT done THEN SELECT n; END IF; UNTIL done END REPEAT; CLOSE c;
END;;
CREATE PROCEDURE await_sleep(IN number bigint) BEGIN
  DECLARE found int DEFAULT 0;
  REPEAT DO SLEEP(0.01); SELECT COUNT(*) INTO found FROM information_schema.processlist p WHERE p.id = number AND p.state = 'User sleep'; UNTIL found > 0 END REPEAT;
END;;
CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC NO SQL RETURN n * 2;;
CREATE FUNCTION warm(n int) RETURNS int DETERMINISTIC NO SQL BEGIN SIGNAL SQLSTATE '01000' SET MESSAGE_TEXT = 'in a function'; RETURN n; END;;
