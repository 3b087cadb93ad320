using System.Data;
using System.Text;
using Npgsql;
using WireGuardian.Proxy.Catalog;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Asks the server's own parser about a statement, on a connection of its own; nothing is executed.</summary>
internal sealed class SyntaxOracle(CatalogConnection connection) : IDisposable
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly SemaphoreSlim _turn = new(1);
    private NpgsqlConnection? _prepared;
    private bool _standardConformingStrings;

    /// <summary>True only when the server read the text and refused it as no SQL at all.</summary>
    public async Task<bool> RefusesAsync(string statement, bool standardConformingStrings, CancellationToken cancellationToken)
    {
        if (!CanBeSent(statement))
            return false;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await connection.UseAsync((open, cancel) => AskAsync(open, statement, standardConformingStrings, cancel), cancellationToken);
        }
        catch (CatalogUnavailableException)
        {
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> AskAsync(NpgsqlConnection open, string statement, bool standardConformingStrings, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(_prepared, open) || _standardConformingStrings != standardConformingStrings)
        {
            _prepared = null;
            await new CatalogReader(open).ExecuteAsync($"set standard_conforming_strings = {(standardConformingStrings ? "on" : "off")}", cancellationToken);
            _prepared = open;
            _standardConformingStrings = standardConformingStrings;
        }
        // What the raw parser takes is analysed as well, which could run code of a user's.
        if ((await new CatalogReader(open).ReadAsync(CatalogQueries.HasCodeInTypes, row => row.GetBoolean(0), cancellationToken))[0])
            return false;
        try
        {
            await using var command = CatalogReader.AsIs(statement, open);
            await using var description = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
            return false;
        }
        catch (PostgresException refusal) when (open.FullState is ConnectionState.Open)
        {
            return IsOfRawParser(refusal);
        }
    }

    /// <summary>
    /// Later stages use the same code for errors that depend on tables and settings which this connection may see otherwise than the session. The raw
    /// parser's have a position, and come from its own source files.
    /// </summary>
    private static bool IsOfRawParser(PostgresException refusal) =>
        refusal.SqlState is PostgresErrorCodes.SyntaxError && refusal.Position > 0
        && Path.GetFileName(refusal.File) is "scan.l" or "gram.y" or "parser.c" or "scan.c" or "gram.c";

    /// <summary>What is not Unicode, or holds the protocol's terminator, would reach the server as another text.</summary>
    private static bool CanBeSent(string statement)
    {
        if (statement.Contains('\0'))
            return false;
        try
        {
            _ = Strict.GetByteCount(statement);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
