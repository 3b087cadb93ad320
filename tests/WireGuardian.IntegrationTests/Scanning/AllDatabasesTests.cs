using WireGuardian.Testing.Postgres;

namespace WireGuardian.IntegrationTests.Scanning;

/// <summary>Without <c>--database</c>, all databases of a server of the test's own.</summary>
[TestFixture]
public sealed class AllDatabasesTests
{
    [Test]
    public async Task Every_database_is_scanned_and_the_rule_is_one()
    {
        await using var server = await PostgresServer.StartAsync(PostgresVersion.Version15);
        const string schema = "CREATE TABLE people (id int, email text); INSERT INTO people VALUES (1, 'p1@quetzal.example')";
        await using var first = await server.CreateDatabaseAsync(schema);
        await using var second = await server.CreateDatabaseAsync(schema);
        using var line = new ScanCommandLine("postgres", server.Endpoint, PostgresServer.Superuser, PostgresServer.SuperuserPassword);
        var result = await line.ScanAsync();
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        foreach (var database in new[] { first, second })
            Assert.That(result.Output, Does.Contain($"# database {database.Name}: 1 of 1 row sampled: EMAIL_ADDRESS\n"));
        Assert.That(result.Output.Split("- \"public.people.email\""), Has.Length.EqualTo(2));
        Assert.That((await line.CheckAsync(result.Output)).ExitCode, Is.Zero);
    }
}
