using System.Security.Cryptography;
using WireGuardian.Core.Approvals;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>The statement of the command that the client's direction stands at: what is decided about it is kept here until the command is dealt with.</summary>
public sealed class StatementAtGate
{
    public required SessionStatement Statement { get; init; }

    /// <summary>SHA-256 of the values that it runs with, where it comes with any.</summary>
    public byte[]? ValuesDigest { get; set; }

    /// <summary>True for a COM_STMT_EXECUTE with parameters.</summary>
    public bool HasValues { get; init; }

    /// <summary>SHA-256 of those values and their types without anything of this connection's own; null where there are none, or they do not say it all.</summary>
    public byte[]? RepeatableValuesDigest { get; set; }

    /// <summary>Those values by type and length, where the command says so.</summary>
    public IReadOnlyList<BindValue> Values { get; set; } = [];

    public Judgement? Judgement { get; set; }

    /// <summary>True once the gate let it pass.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>The id of the request under which the gate let it pass; empty for none.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>The most rows of its result for which it was approved; null for no such condition.</summary>
    public long? MaxRows { get; set; }

    /// <summary>True where the server's parser was asked and refuses it: nothing of it will run.</summary>
    public bool IsNoSql { get; set; }

    /// <summary>The payload of the ERR packet that the client gets in place of the statement's effect; null unless refused.</summary>
    public byte[]? Refusal { get; set; }

    /// <summary>The sequence number of that packet.</summary>
    public byte AnswerSequence { get; set; }

    /// <summary>True once the client has that packet.</summary>
    public bool IsRefusalSent { get; set; }

    /// <summary>The same without anything of this connection's own; null where it would not say all of it.</summary>
    public byte[]? RepeatableDigest()
    {
        var whole = Statement.Origin ?? Statement;
        return Statement.Text.Length == 0 || whole.DependsOnSession || (HasValues && RepeatableValuesDigest is null)
            ? null
            : DigestWith(RepeatableValuesDigest, IsReadAlike ? MySqlSqlSettings.For(Statement.Settings.Server) : Statement.Settings with { IsUncertain = false });
    }

    /// <summary>A digest of all that runs: the statement's bytes, how they are read, where, and with which values.</summary>
    public byte[] Digest() => DigestWith(ValuesDigest, Statement.Settings);

    /// <summary>True where the text reads the same under all settings: whether they are known does not matter then.</summary>
    private bool IsReadAlike => MySqlAnalyzer.ReadsAlways(Statement.Text);

    private byte[] DigestWith(byte[]? values, MySqlSqlSettings settings) => SHA256.HashData(
        [.. StatementDigest.Compute(Statement.Text, settings), .. System.Text.Encoding.UTF8.GetBytes($"{Statement.Database}\n{Statement.Shown}\n"), .. values ?? []]);
}
