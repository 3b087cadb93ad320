using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

public sealed class StatementFactsTests
{
    private static string Join(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    [TestCase("SELECT a.b.c FROM x", "a a.b b.c x")]
    [TestCase("SELECT a.* FROM A", "a")]
    [TestCase("SELECT f(x) FROM t", "f t x")]
    [TestCase("SELECT 'a', 1, ?, x'41'", "")]
    [TestCase("SELECT @@sql_mode, @x", "")]
    [TestCase("SELECT @@global.a.b, c FROM t", "c t")]
    [TestCase("PREPARE s FROM 'SELECT ssn FROM hr.people'", "hr hr.people s ssn")]
    [TestCase("EXECUTE IMMEDIATE 'SELECT ssn FROM people'", "immediate people ssn")]
    [TestCase("CREATE PROCEDURE p() BEGIN SELECT ssn FROM people; END", "begin end p people ssn")]
    [TestCase("HANDLER people OPEN AS x", "open people x")]
    [TestCase("SHOW CREATE TABLE hr.people", "hr hr.people")]
    [TestCase("SELECT * FROM people FOR SYSTEM_TIME ALL", "people system_time")]
    [TestCase("LOAD DATA INFILE 'x' INTO TABLE people (a, b)", "a b data people")]
    public void Identifiers_are_all_names_outside_literals(string sql, string names) =>
        Assert.That(Sql.Names(Sql.One(sql).Facts.Identifiers), Is.EqualTo(names));

    [TestCase("SELECT * FROM a, s.b AS x JOIN c USING (id) LEFT JOIN d ON 1, e", "a s.b c d e")]
    [TestCase("SELECT * FROM (SELECT * FROM a) x, b", "b a")]
    [TestCase("SELECT * FROM ((a JOIN b ON 1) JOIN c ON 1), d", "a b c d")]
    [TestCase("WITH x AS (SELECT * FROM a), y (c) AS (SELECT 1) SELECT * FROM x, y, b", "a b")]
    [TestCase("SELECT extract(year FROM d), trim(leading 'x' FROM e) FROM a", "a")]
    [TestCase("INSERT INTO a.t (x) SELECT y FROM b", "a.t b")]
    [TestCase("INSERT t VALUES (1)", "t")]
    [TestCase("REPLACE t SET a = 1", "t")]
    [TestCase("UPDATE a, b SET a.x = b.x", "a b")]
    [TestCase("UPDATE a JOIN b ON 1 SET a.x = 1", "a b")]
    [TestCase("DELETE FROM a USING a JOIN b", "a b")]
    [TestCase("DELETE a FROM a JOIN b", "a b")]
    [TestCase("TRUNCATE TABLE a", "a")]
    [TestCase("LOCK TABLES a READ, s.b AS x WRITE", "a s.b")]
    [TestCase("DROP TABLE IF EXISTS a, s.b", "a s.b")]
    [TestCase("ALTER TABLE a ADD x int", "a")]
    [TestCase("RENAME TABLE a TO b, c TO d", "a b c d")]
    [TestCase("CREATE TABLE IF NOT EXISTS a (x int)", "a")]
    [TestCase("CREATE TABLE a LIKE b", "a b")]
    [TestCase("CREATE INDEX i ON a (x)", "a")]
    [TestCase("GRANT SELECT ON a TO b", "a")]
    [TestCase("OPTIMIZE TABLE a, b", "a b")]
    [TestCase("TABLE a", "a")]
    [TestCase("LOAD DATA INFILE 'x' INTO TABLE a (b)", "a")]
    [TestCase("DESCRIBE a", "a")]
    [TestCase("SHOW COLUMNS FROM a", "a")]
    [TestCase("SELECT * FROM a PARTITION (p)", "a")]
    public void Relations_are_named_where_a_relation_can_stand(string sql, string relations) =>
        Assert.That(Join(Sql.One(sql).Facts.Relations.Select(r => r.ToString())), Is.EqualTo(Join(relations.Split(' '))));

    [TestCase("SELECT sleep(1), db.f(2), load_file('x') FROM t", "db.f load_file sleep")]
    [TestCase("CALL p", "p")]
    [TestCase("CALL d.p(f(1))", "d.p f")]
    [TestCase("SELECT a FROM t", "")]
    public void Calls_are_names_before_a_parenthesis(string sql, string calls) => Assert.That(Sql.Names(Sql.One(sql).Calls), Is.EqualTo(calls));

    [TestCase("SELECT @a + @b", "a b", "")]
    [TestCase("SELECT @a := ssn FROM people", "a", "a")]
    [TestCase("SELECT ssn, id INTO @a, @b FROM people", "a b", "a b")]
    [TestCase("SELECT ssn FROM people INTO @a", "a", "a")]
    [TestCase("SET @a = @b, @c := 1", "a b c", "a c")]
    [TestCase("CALL p(@a)", "a", "a")]
    [TestCase("EXECUTE s USING @a", "a", "")]
    [TestCase("LOAD DATA INFILE 'x' INTO TABLE t (@a)", "a", "a")]
    [TestCase("GET DIAGNOSTICS CONDITION 1 @m = MESSAGE_TEXT", "m", "m")]
    [TestCase("UPDATE t SET a = @x := ssn", "x", "x")]
    [TestCase("PREPARE s FROM 'SELECT ssn INTO @a FROM people'", "a", "a")]
    [TestCase("BEGIN NOT ATOMIC SELECT ssn INTO @a FROM people; END", "a", "a")]
    [TestCase("EXPLAIN FORMAT=JSON INTO @a SELECT 1", "a", "a")]
    public void User_variables_are_read_and_written(string sql, string named, string written)
    {
        var statement = Sql.One(sql);
        Assert.That((Join(statement.UserVariables), Join(statement.UserVariablesWritten)), Is.EqualTo((named, written)));
    }

    [TestCase("SET sql_mode = 'ANSI_QUOTES'", "Session sql_mode ANSI_QUOTES")]
    [TestCase("SET SESSION sql_mode = ANSI", "Session sql_mode ANSI")]
    [TestCase("SET @@session.SQL_MODE := ''", "Session sql_mode ")]
    [TestCase("SET sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')", "Session sql_mode ?")]
    [TestCase("SET sql_mode = DEFAULT", "Session sql_mode ?")]
    [TestCase("SET sql_mode = @a", "Session sql_mode ?")]
    [TestCase("SET `sql_mode` = 'ANSI'", "Session sql_mode ANSI")]
    [TestCase("SET GLOBAL sql_mode = '', SESSION autocommit = 0", "Global sql_mode ;Session autocommit 0")]
    [TestCase("SET @@persist.a = 1, @@persist_only.b = 2", "Persist a 1;PersistOnly b 2")]
    [TestCase("SET NAMES gbk", "Session character_set_client gbk;Session character_set_results gbk;Session character_set_connection gbk")]
    [TestCase("SET NAMES DEFAULT", "Session character_set_client ?;Session character_set_results ?;Session character_set_connection ?")]
    [TestCase("SET CHARACTER SET 'utf8'", "Session character_set_client utf8;Session character_set_results utf8;Session character_set_connection utf8")]
    [TestCase("SET character_set_results = NULL", "Session character_set_results NULL")]
    [TestCase("SET STATEMENT a = 1 FOR SELECT 1", "Statement a 1")]
    [TestCase("SET @a = 1, autocommit = 1", "Session autocommit 1")]
    public void Settings_are_named_with_their_values(string sql, string changes)
    {
        var statement = Sql.One(sql);
        Assert.That(string.Join(';', statement.SettingChanges.Select(c => $"{c.Scope} {c.Name} {c.Value ?? "?"}")), Is.EqualTo(changes));
        Assert.That(statement.Facts.MayChangeSettings, Is.EqualTo(!sql.StartsWith("SET STATEMENT", StringComparison.Ordinal)));
    }

    [TestCase("SET @a = 1", false)]
    [TestCase("SELECT 1", false)]
    [TestCase("INSERT INTO t VALUES (1)", false)]
    [TestCase("CALL p()", true)]
    [TestCase("EXECUTE s", true)]
    [TestCase("USE d", true)]
    [TestCase("PREPARE s FROM 'SET sql_mode = x'", false)]
    [TestCase("EXECUTE IMMEDIATE 'SET sql_mode = x'", true)]
    [TestCase("FROBNICATE", true)]
    [TestCase("BEGIN NOT ATOMIC SET sql_mode = 'ANSI'; END", true)]
    public void Settings_may_change(string sql, bool may) => Assert.That(Sql.One(sql).Facts.MayChangeSettings, Is.EqualTo(may));

    [Test]
    public void USE_names_the_database_as_it_is_written() => Assert.That(Sql.One("USE `My``DB`").UsesDatabase, Is.EqualTo("My`DB"));

    [TestCase("BEGIN", TransactionEffect.Begins)]
    [TestCase("START TRANSACTION READ ONLY", TransactionEffect.Begins)]
    [TestCase("COMMIT", TransactionEffect.Commits)]
    [TestCase("ROLLBACK", TransactionEffect.RollsBack)]
    [TestCase("ROLLBACK WORK TO s", TransactionEffect.MovesSavepoint)]
    [TestCase("SAVEPOINT s", TransactionEffect.MovesSavepoint)]
    [TestCase("DROP TABLE t", TransactionEffect.CommitsImplicitly)]
    [TestCase("GRANT SELECT ON a TO b", TransactionEffect.CommitsImplicitly)]
    [TestCase("LOCK TABLES t READ", TransactionEffect.CommitsImplicitly)]
    [TestCase("CALL p()", TransactionEffect.Unknown)]
    [TestCase("EXECUTE s", TransactionEffect.Unknown)]
    [TestCase("SELECT 1", TransactionEffect.None)]
    [TestCase("UPDATE t SET a = 1", TransactionEffect.None)]
    public void The_transaction_goes_where_the_statement_moves_it(string sql, TransactionEffect effect) =>
        Assert.That(Sql.One(sql).Transaction, Is.EqualTo(effect));

    [TestCase("SELECT 1", ResultSets.One)]
    [TestCase("SELECT 1 INTO @a", ResultSets.None)]
    [TestCase("SELECT 1 INTO OUTFILE 'x'", ResultSets.None)]
    [TestCase("SHOW TABLES", ResultSets.One)]
    [TestCase("EXPLAIN SELECT 1", ResultSets.One)]
    [TestCase("EXPLAIN FORMAT=JSON INTO @a SELECT 1", ResultSets.None)]
    [TestCase("CHECK TABLE t", ResultSets.One)]
    [TestCase("HANDLER t READ FIRST", ResultSets.One)]
    [TestCase("INSERT INTO t VALUES (1)", ResultSets.None)]
    [TestCase("INSERT INTO t VALUES (1) RETURNING a", ResultSets.One)]
    [TestCase("DELETE FROM t RETURNING a", ResultSets.One)]
    [TestCase("XA RECOVER", ResultSets.One)]
    [TestCase("DO 1", ResultSets.None)]
    [TestCase("SET @a = 1", ResultSets.None)]
    [TestCase("CALL p()", ResultSets.Unknown)]
    [TestCase("EXECUTE s", ResultSets.Unknown)]
    [TestCase("ALTER TABLE t CHECK PARTITION p", ResultSets.Unknown)]
    [TestCase("CREATE USER u IDENTIFIED BY RANDOM PASSWORD", ResultSets.Unknown)]
    [TestCase("SET PASSWORD TO RANDOM", ResultSets.Unknown)]
    [TestCase("FROBNICATE", ResultSets.Unknown)]
    public void Results_are_told_where_they_can_be(string sql, ResultSets results) => Assert.That(Sql.One(sql).Results, Is.EqualTo(results));

    [TestCase("SELECT a FROM t", true)]
    [TestCase("SELECT a FROM t UNION SELECT 1", true)]
    [TestCase("TABLE t", true)]
    [TestCase("SELECT a FROM t FOR UPDATE", false)]
    [TestCase("SELECT a FROM t LOCK IN SHARE MODE", false)]
    [TestCase("SELECT @a := 1", false)]
    [TestCase("SELECT 1 INTO @a", false)]
    [TestCase("SELECT 1 INTO OUTFILE 'x'", false)]
    [TestCase("DO 1", false)]
    [TestCase("EXECUTE s", false)]
    [TestCase("HANDLER t READ FIRST", false)]
    [TestCase("EXPLAIN SELECT 1", false)]
    [TestCase("INSERT INTO t SELECT 1", false)]
    [TestCase("SHOW TABLES", false)]
    public void A_plain_read_does_nothing_else(string sql, bool isPlain) => Assert.That(Sql.One(sql).IsPlainRead, Is.EqualTo(isPlain));

    [Test]
    public void A_prepared_statement_comes_with_what_it_will_run()
    {
        var statement = Sql.One("PREPARE `P` FROM 'DELETE FROM t WHERE a = ?'");
        Assert.That((statement.Facts.Defines!.Name, statement.Facts.Defines.Facts.Kinds), Is.EqualTo(("p", StatementKinds.Delete)));
        Assert.That(statement.Prepares!.Facts.Relations, Is.EqualTo(new[] { new Identifier(null, "t") }));
        Assert.That(statement.Results, Is.EqualTo(ResultSets.None));
    }

    [Test]
    public void What_is_prepared_from_a_variable_may_be_anything()
    {
        var statement = Sql.One("PREPARE p FROM @v");
        Assert.That((statement.Facts.IsOpaque, statement.Facts.Defines!.Facts.IsOpaque), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_literal_is_read_under_the_modes_of_the_session()
    {
        var ansi = Sql.MariaDb.With(MySqlSqlModes.AnsiQuotes);
        Assert.That(Sql.One("PREPARE p FROM 'SELECT \"ssn\" FROM t'", ansi).Prepares!.Facts.Identifiers, Does.Contain(new Identifier(null, "ssn")));
        Assert.That(Sql.One("EXECUTE IMMEDIATE 'DROP /*! TABLE */ \\`t\\`'").Facts.Kinds, Is.EqualTo(StatementKinds.Ddl));
    }

    [TestCase("EXECUTE P", "p")]
    [TestCase("EXECUTE `P` USING @a", "p")]
    [TestCase("SELECT 1", null)]
    public void What_is_run_is_named(string sql, string? prepared) => Assert.That(Sql.One(sql).Facts.ExecutesPrepared, Is.EqualTo(prepared));

    [Test]
    public void What_is_forgotten_is_named() => Assert.That(Sql.One("DEALLOCATE PREPARE S").Deallocates, Is.EqualTo("s"));

    [TestCase("LOAD DATA LOCAL INFILE 'x' INTO TABLE t", true)]
    [TestCase("LOAD DATA CONCURRENT LOCAL INFILE 'x' INTO TABLE t", true)]
    [TestCase("LOAD XML LOCAL INFILE 'x' INTO TABLE t", true)]
    [TestCase("LOAD DATA INFILE 'x' INTO TABLE t", false)]
    public void A_local_file_is_asked_for(string sql, bool asks) => Assert.That(Sql.One(sql).AsksForLocalFile, Is.EqualTo(asks));

    [TestCase("CREATE TEMPORARY TABLE t (a int)", true)]
    [TestCase("CREATE OR REPLACE TEMPORARY TABLE t AS SELECT 1", true)]
    [TestCase("CREATE TABLE t (a int)", false)]
    public void A_temporary_table_is_told(string sql, bool isTemporary) => Assert.That(Sql.One(sql).CreatesTemporaryTable, Is.EqualTo(isTemporary));

    [TestCase("SHOW WARNINGS", SideOutputs.Diagnostics)]
    [TestCase("SHOW ERRORS LIMIT 5", SideOutputs.Diagnostics)]
    [TestCase("GET DIAGNOSTICS @a = NUMBER", SideOutputs.Diagnostics)]
    [TestCase("SHOW FULL PROCESSLIST", SideOutputs.StatementTexts)]
    [TestCase("SHOW ENGINE INNODB STATUS", SideOutputs.StatementTexts)]
    [TestCase("EXPLAIN FOR CONNECTION 5", SideOutputs.StatementTexts)]
    [TestCase("SHOW BINLOG EVENTS", SideOutputs.BinaryLog)]
    [TestCase("SELECT LOAD_FILE('x')", SideOutputs.ServerFiles)]
    [TestCase("SELECT 1", SideOutputs.None)]
    public void Values_may_come_from_elsewhere(string sql, SideOutputs outputs) => Assert.That(Sql.One(sql).SideOutputs, Is.EqualTo(outputs));

    [TestCase("HANDLER x READ FIRST")]
    [TestCase("EXPLAIN FOR CONNECTION 5")]
    [TestCase("BINLOG 'x'")]
    [TestCase("SHOW EXPLAIN FOR 5")]
    [TestCase("BEGIN NOT ATOMIC EXECUTE IMMEDIATE @x; END")]
    public void What_is_read_unseen_may_be_anything(string sql) => Assert.That(Sql.One(sql).Facts.IsOpaque, Is.True);

    [TestCase("SELECT 1; ; -- x\n SELECT 2;;", "SELECT 1|SELECT 2")]
    [TestCase("", "")]
    [TestCase(" ; /* x */ ; -- y", "")]
    [TestCase("SELECT ';'; SELECT \";\"; SELECT `;`", "SELECT ';'|SELECT \";\"|SELECT `;`")]
    [TestCase("CREATE PROCEDURE p() BEGIN SELECT 1; IF a THEN SELECT 2; END IF; END; SELECT 3",
        "CREATE PROCEDURE p() BEGIN SELECT 1; IF a THEN SELECT 2; END IF; END|SELECT 3")]
    [TestCase("CREATE PROCEDURE p() SELECT 1; SELECT 2", "CREATE PROCEDURE p() SELECT 1|SELECT 2")]
    [TestCase("CREATE PROCEDURE p() SELECT 1 begin; SELECT 2; END", "CREATE PROCEDURE p() SELECT 1 begin|SELECT 2|END")]
    [TestCase("CREATE PROCEDURE p() BEGIN SELECT (1) begin; END; SELECT 2", "CREATE PROCEDURE p() BEGIN SELECT (1) begin; END|SELECT 2")]
    [TestCase("CREATE PROCEDURE begin() SELECT 1; SELECT 2", "CREATE PROCEDURE begin() SELECT 1|SELECT 2")]
    [TestCase("CREATE TRIGGER begin BEFORE INSERT ON begin FOR EACH ROW SET @a = 1; SELECT 2",
        "CREATE TRIGGER begin BEFORE INSERT ON begin FOR EACH ROW SET @a = 1|SELECT 2")]
    [TestCase("CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SELECT 1 begin; END; SELECT 2",
        "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SELECT 1 begin; END|SELECT 2")]
    [TestCase("CREATE PROCEDURE p() BEGIN WHILE a DO SELECT do begin; END WHILE; END; SELECT 2",
        "CREATE PROCEDURE p() BEGIN WHILE a DO SELECT do begin; END WHILE; END|SELECT 2")]
    [TestCase("CREATE PROCEDURE p() BEGIN SELECT CASE WHEN a THEN IF(b, 1, 2) ELSE CASE 1 WHEN 2 THEN 3 END END; END; SELECT 2",
        "CREATE PROCEDURE p() BEGIN SELECT CASE WHEN a THEN IF(b, 1, 2) ELSE CASE 1 WHEN 2 THEN 3 END END; END|SELECT 2")]
    [TestCase("CREATE PROCEDURE p() BEGIN begin: LOOP LEAVE begin; END LOOP; END; SELECT 2",
        "CREATE PROCEDURE p() BEGIN begin: LOOP LEAVE begin; END LOOP; END|SELECT 2")]
    [TestCase("CREATE FUNCTION f() RETURNS int RETURN begin; SELECT 2", "CREATE FUNCTION f() RETURNS int RETURN begin|SELECT 2")]
    [TestCase("CREATE TABLE begin (a int); SELECT 2; END", "CREATE TABLE begin (a int)|SELECT 2|END")]
    [TestCase("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1 begin; SELECT 2", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1 begin|SELECT 2")]
    [TestCase("BEGIN; SELECT 1; END", "BEGIN|SELECT 1|END")]
    [TestCase("SELECT (1; DROP TABLE t", "SELECT (1|DROP TABLE t")]
    [TestCase("ALTER TABLE t ADD begin int; SELECT 2", "ALTER TABLE t ADD begin int|SELECT 2")]
    public void Text_is_split_where_the_server_splits_it(string sql, string statements)
    {
        Assert.That(string.Join('|', Sql.All(sql, Sql.MySql).Select(s => sql[s.Facts.Text])), Is.EqualTo(statements));
        Assert.That(string.Join('|', Sql.All(sql, Sql.MariaDb).Select(s => sql[s.Facts.Text])), Is.EqualTo(statements));
    }

    [TestCase("SELECT 'secret', N'secret', x'FF', 0xFF, 1.5e3, \"secret\", _utf8'secret'", "SELECT ?, ?, ?, ?, ?, ?, _utf8?")]
    [TestCase("SELECT  a,\n\tb -- secret\n FROM /* secret */ `T x` WHERE ? = -5; # secret", "SELECT a, b FROM `T x` WHERE ? = -?;")]
    [TestCase("SELECT /*!50000 a, 'secret' */ FROM t", "SELECT a, ? FROM t")]
    [TestCase("CREATE USER 'secret'@'secret' IDENTIFIED BY 'secret'", "CREATE USER ?@? IDENTIFIED BY ?")]
    [TestCase("SELECT 'secret", "(unreadable text)")]
    [TestCase("", "")]
    public void Values_and_comments_are_not_shown(string sql, string masked) =>
        Assert.That(LiteralMasker.Mask(Encoding.UTF8.GetBytes(sql), Sql.MariaDb), Is.EqualTo(masked));

    [Test]
    public void Long_text_is_cut() => Assert.That(LiteralMasker.Mask("SELECT abcdef"u8, Sql.MySql, 9), Is.EqualTo("SELECT a…"));

    [Test]
    public void A_digest_is_of_text_and_settings()
    {
        var digest = StatementDigest.Compute("SELECT \"a\""u8, Sql.MySql);
        Assert.That(StatementDigest.Compute("SELECT \"a\""u8, Sql.MySql), Is.EqualTo(digest));
        Assert.That(StatementDigest.Compute("SELECT \"a\""u8, Sql.MySql.With(MySqlSqlModes.AnsiQuotes)), Is.Not.EqualTo(digest));
        Assert.That(StatementDigest.Compute("SELECT \"b\""u8, Sql.MySql), Is.Not.EqualTo(digest));
    }

    [TestCase("RENAME TABLE a TO b, c TO a", true)]
    [TestCase("ALTER TABLE a RENAME b", true)]
    [TestCase("ALTER TABLE a RENAME COLUMN x TO y", true)]
    [TestCase("ALTER TABLE a CHANGE x y int", true)]
    [TestCase("ALTER TABLE a ADD COLUMN x int", false)]
    [TestCase("DROP TABLE a", false)]
    public void What_gives_names_another_meaning_is_told(string sql, bool renames) => Assert.That(Sql.One(sql).Renames, Is.EqualTo(renames));

    [TestCase("PREPARE p FROM 'SELECT \"a\"'", false)]
    [TestCase("PREPARE p FROM 'SELECT a'", true)]
    public void What_is_prepared_reads_the_same_always_or_not(string sql, bool always) => Assert.That(Sql.One(sql).Prepares!.ReadsAlways, Is.EqualTo(always));
}
