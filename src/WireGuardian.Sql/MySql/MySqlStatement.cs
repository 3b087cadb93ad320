using System.Collections.Frozen;
using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// One statement of MySQL's or MariaDB's: the facts that all protocols have, and those of its own. All names in here are folded by <see cref="MySqlNames.Fold(string)"/>;
/// names that they are compared with have to be folded by it, too.
/// </summary>
public sealed record MySqlStatement
{
    /// <summary>
    /// The neutral facts. <see cref="StatementFacts.Identifiers"/> is the upper bound of the relations, columns and routines that it uses.
    /// <see cref="StatementFacts.Defines"/> is what PREPARE makes; where its text comes from a variable, that is opaque.
    /// </summary>
    public required StatementFacts Facts { get; init; }

    /// <summary>Names with a parenthesis behind them, and those of CALL: the routines it may call, the built-in ones among them.</summary>
    public IReadOnlySet<Identifier> Calls { get; init; } = FrozenSet<Identifier>.Empty;

    /// <summary>The user variables that it names (<c>@x</c>), without the at sign; those it only writes included.</summary>
    public IReadOnlySet<string> UserVariables { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The user variables that it writes, and functions that keep what they are given for the session to read later (<c>last_insert_id</c>), by their names.</summary>
    public IReadOnlySet<string> UserVariablesWritten { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The system variables that it sets. <see cref="StatementFacts.MayChangeSettings"/> is also true where it may set others that cannot be named.</summary>
    public IReadOnlyList<SettingChange> SettingChanges { get; init; } = [];

    /// <summary>The database that USE makes the session's own, as it is written; null for other statements.</summary>
    public string? UsesDatabase { get; init; }

    public TransactionEffect Transaction { get; init; }

    public ResultSets Results { get; init; }

    /// <summary>Where its result columns come from, where that can be told exactly; otherwise null.</summary>
    public ResultShape? Shape { get; init; }

    public SideOutputs SideOutputs { get; init; }

    /// <summary>
    /// True for a statement that is a SELECT and nothing else: it writes no variable and no file, locks no rows, runs no prepared statement. The same text again in
    /// the same session is the same read. (Functions that it calls may still do anything: see <see cref="Calls"/>.)
    /// </summary>
    public bool IsPlainRead { get; init; }

    /// <summary>What PREPARE or EXECUTE IMMEDIATE will run, where it stands in a literal; null otherwise.</summary>
    public MySqlStatement? Prepares { get; init; }

    /// <summary>Of what stands in a literal: true where it reads the same under any settings.</summary>
    public bool ReadsAlways { get; init; }

    /// <summary>The prepared statement that DEALLOCATE or DROP PREPARE forgets, or null.</summary>
    public string? Deallocates { get; init; }

    /// <summary>True for LOAD DATA LOCAL and LOAD XML LOCAL: the server will ask the client for a file.</summary>
    public bool AsksForLocalFile { get; init; }

    /// <summary>True for RENAME TABLE, and ALTER TABLE that renames: afterwards a name may mean another relation or column.</summary>
    public bool Renames { get; init; }

    /// <summary>True where CREATE TEMPORARY TABLE makes a table that hides another of its name.</summary>
    public bool CreatesTemporaryTable { get; init; }
}
