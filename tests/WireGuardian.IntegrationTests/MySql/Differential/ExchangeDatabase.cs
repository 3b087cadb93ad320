using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>The corpus's own database, with the tables that its scripts use, set back before each run.</summary>
public sealed class ExchangeDatabase : IAsyncDisposable
{
    /// <summary>In a script, the database's name.</summary>
    public const string Placeholder = "{db}";

    private readonly MySqlDatabase _database;

    private ExchangeDatabase(MySqlDatabase database) => _database = database;

    public MySqlServer Server => _database.Server;

    public string Name => _database.Name;

    public static async Task<ExchangeDatabase> StartAsync(MySqlFlavour flavour)
    {
        var fixture = await File.ReadAllTextAsync(Path.Combine(ExchangeFile.Folder, "fixture.sql"));
        var server = await SharedMySql.Get(flavour);
        // A line that ends with ;; ends a statement: bodies of procedures have single ones.
        var database = await server.CreateDatabaseAsync([.. fixture.Split(";;\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);
        // The server keeps who logged in: every login of a script is then a fast one.
        foreach (var account in MySqlAccounts.Of(flavour))
        {
            if (account != MySqlAccounts.Ed25519)
                await (await server.OpenAsync(database.Name, account)).DisposeAsync();
        }
        return new(database);
    }

    public Task ResetAsync() => _database.ExecuteAsync("CALL reset_fixture()");

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
