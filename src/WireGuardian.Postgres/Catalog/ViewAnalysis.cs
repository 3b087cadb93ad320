using System.Data;
using Npgsql;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A view's rewrite rule in one version: the version changes with the view's query, not with names in it.</summary>
internal readonly record struct ViewRule(uint View, uint Rule, uint Version);

/// <summary>
/// Has the server say where the columns of views come from: the view's query is parsed and described, nothing is executed, and no right on a table is
/// needed but USAGE on the schemas. The answer is kept as long as the view has the same query.
/// </summary>
internal sealed class ViewAnalysis
{
    /// <summary>So many views behind locks are waited for; the rest of them has to do without an answer this time.</summary>
    private const int MaxLockTimeouts = 3;

    private readonly Dictionary<uint, (uint Version, ViewOrigins Origins)> _known = [];
    private readonly HashSet<uint> _hidden = [];

    /// <summary>Views of the last time that the server would not describe, for want of a right, or was not asked to, since reading their constants could run code of users.</summary>
    public IReadOnlySet<uint> Hidden => _hidden;

    /// <summary>The origins of the views' columns, where the server gave them; <c>Complete</c> is false when it is worth asking again.</summary>
    public async Task<(Dictionary<uint, ViewOrigins> Views, bool Complete)> AnalyseAsync(
        NpgsqlConnection connection, IReadOnlyCollection<ViewRule> rules, CancellationToken cancellationToken)
    {
        _hidden.Clear();
        var present = rules.Select(rule => rule.Rule).ToHashSet();
        foreach (var gone in _known.Keys.Where(rule => !present.Contains(rule)).ToList())
            _known.Remove(gone);
        var asked = rules.Where(rule => !_known.TryGetValue(rule.Rule, out var known) || known.Version != rule.Version).ToList();
        var complete = await AskAsync(connection, asked, cancellationToken);
        var views = rules.Where(rule => _known.TryGetValue(rule.Rule, out var known) && known.Version == rule.Version)
            .ToDictionary(rule => rule.View, rule => _known[rule.Rule].Origins);
        return (views, complete);
    }

    private async Task<bool> AskAsync(NpgsqlConnection connection, List<ViewRule> asked, CancellationToken cancellationToken)
    {
        if (asked.Count == 0)
            return true;
        var reader = new CatalogReader(connection);
        var columns = (await reader.ReadAsync(
            CatalogQueries.RuleColumns,
            row => (Rule: row.GetFieldValue<uint>(0), Column: new ColumnKey(row.GetFieldValue<uint>(1), row.GetInt16(2))),
            cancellationToken,
            CatalogReader.Oids(asked.Select(rule => rule.Rule)))).ToHashSet();
        var complete = true;
        var lockTimeouts = 0;
        foreach (var rule in asked)
        {
            if (lockTimeouts >= MaxLockTimeouts)
                return false;
            try
            {
                if ((await reader.ReadAsync(CatalogQueries.ViewHasCodeInConstants, row => row.GetBoolean(0), cancellationToken, CatalogReader.Oid(rule.Rule)))[0])
                {
                    _hidden.Add(rule.View);
                    continue;
                }
                var origins = await DescribeAsync(reader, connection, rule.View, cancellationToken);

                // Names were resolved at another moment than the rule was read. What the rule does not depend on is not its origin.
                if (origins.All(column => column.Relation < CatalogPicture.FirstUserOid || columns.Contains((rule.Rule, column))))
                    _known[rule.Rule] = (rule.Version, new ViewOrigins(origins));
                else
                    complete = false;
            }
            catch (PostgresException refusal) when (connection.FullState is ConnectionState.Open)
            {
                // No USAGE on a schema, a lock, a view dropped meanwhile: its columns count as computed.
                if (refusal.SqlState is PostgresErrorCodes.InsufficientPrivilege)
                    _hidden.Add(rule.View);
                lockTimeouts += refusal.SqlState is PostgresErrorCodes.LockNotAvailable ? 1 : 0;
                complete = false;
            }
        }
        return complete;
    }

    private static async Task<ColumnKey[]> DescribeAsync(CatalogReader reader, NpgsqlConnection connection, uint view, CancellationToken cancellationToken)
    {
        var definition = await reader.ReadAsync(
            CatalogQueries.ViewDefinition, row => row.IsDBNull(0) ? "" : row.GetString(0), cancellationToken, CatalogReader.Oid(view));
        await using var command = CatalogReader.AsIs(definition[0], connection);
        await using var description = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
        var columns = description.GetColumnSchema();
        return columns.Select(column => new ColumnKey(column.TableOID, column.TableOID == 0 ? (short)0 : column.ColumnAttributeNumber ?? 0)).ToArray();
    }
}
