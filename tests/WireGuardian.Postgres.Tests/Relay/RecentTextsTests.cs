using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Relay;
using WireGuardian.Sql.Lexing;
using WireGuardian.Sql.Postgres;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RecentTextsTests
{
    private readonly RecentTexts<PreparedStatement, PostgresSqlSettings> _texts = new(PreparedStatement.Read);

    [Test]
    public void A_text_that_recurs_is_kept_from_the_second_time_on_and_then_costs_nothing()
    {
        Assert.That(_texts.Find("SELECT 1"u8, PostgresSqlSettings.Default), Is.Not.SameAs(_texts.Find("SELECT 1"u8, PostgresSqlSettings.Default)));
        var kept = _texts.Find("SELECT 1"u8, PostgresSqlSettings.Default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 100; time++)
            kept = ReferenceEquals(kept, _texts.Find("SELECT 1"u8, PostgresSqlSettings.Default)) ? kept : null!;
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(kept, Is.Not.Null);
    }

    [Test]
    public void Another_text_or_other_settings_are_read_anew()
    {
        var other = PostgresSqlSettings.Default with { StandardConformingStrings = false };
        for (var time = 0; time < 3; time++)
        {
            Assert.That(_texts.Find(@"SELECT 'a\'; DROP TABLE t; --'"u8, PostgresSqlSettings.Default).Facts, Has.Count.EqualTo(2));
            Assert.That(_texts.Find(@"SELECT 'a\'; DROP TABLE t; --'"u8, other).Facts, Has.Count.EqualTo(1));
            Assert.That(_texts.Find(System.Text.Encoding.ASCII.GetBytes($"SELECT {time}"), other).Text, Is.EqualTo(System.Text.Encoding.ASCII.GetBytes($"SELECT {time}")));
        }
    }

    [Test]
    public void Texts_that_differ_in_numbers_alone_share_what_was_found_out()
    {
        _texts.Find("SELECT a.b2 FROM t1 a WHERE id = 17 AND c < 1.5"u8, PostgresSqlSettings.Default);
        var kept = _texts.Find("SELECT a.b2 FROM t1 a WHERE id = 18 AND c < 2.5"u8, PostgresSqlSettings.Default);
        var other = _texts.Find("SELECT a.b2 FROM t1 a WHERE id = 99 AND c < 0.0"u8, PostgresSqlSettings.Default);
        Assert.That(other.Facts, Is.SameAs(kept.Facts));
        Assert.That(other.Text, Is.EqualTo("SELECT a.b2 FROM t1 a WHERE id = 99 AND c < 0.0"u8.ToArray()));
        Assert.That(kept.Text, Is.EqualTo("SELECT a.b2 FROM t1 a WHERE id = 18 AND c < 2.5"u8.ToArray()));
        var table = _texts.Find("SELECT a.b2 FROM t2 a WHERE id = 17 AND c < 1.5"u8, PostgresSqlSettings.Default);
        Assert.That(table.Facts[0].Identifiers.Any(identifier => identifier.Name == "t2"));
    }

    [Test]
    public void A_number_that_decides_what_a_statement_does_is_looked_at()
    {
        for (var time = 0; time < 3; time++)
        {
            Assert.That(_texts.Find("EXPLAIN (ANALYZE 0) DELETE FROM t"u8, PostgresSqlSettings.Default).Facts[0].Kinds.HasFlag(StatementKinds.Delete), Is.False);
            Assert.That(_texts.Find("EXPLAIN (ANALYZE 1) DELETE FROM t"u8, PostgresSqlSettings.Default).Facts[0].Kinds.HasFlag(StatementKinds.Delete));
        }
    }

    [Test]
    public void A_text_that_recurs_is_judged_again_once_its_routine_was_replaced()
    {
        var relay = new RelayBench();
        relay.Client(Query("BEGIN")).Server(Complete("BEGIN"), Ready('T'));
        for (var time = 0; time < 3; time++)
            relay.Client(Query("SELECT keep(ssn) FROM people")).Server(Columns((0, 0)), Row("x"), Complete("SELECT 1"), Ready('T'));
        Assert.That(relay.AtGate, Is.Empty);
        relay.Approves = true;
        relay.Client(Query("CREATE FUNCTION keep(text) RETURNS text LANGUAGE sql AS 'SELECT 1'")).Server(Complete("CREATE FUNCTION"), Ready('T'));
        relay.Client(Query("SELECT keep(ssn) FROM people"));
        Assert.That(relay.AtGate[^1], Is.EqualTo("SELECT keep(ssn) FROM people"));
    }
}
