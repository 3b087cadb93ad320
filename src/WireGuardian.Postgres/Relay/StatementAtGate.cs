using System.Runtime.InteropServices;
using System.Security.Cryptography;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.Postgres.Relay;

/// <summary>The statement of the message that the client's direction stands at: what is decided about it is kept here until the message is dealt with.</summary>
public sealed class StatementAtGate(PreparedStatement statement)
{
    public PreparedStatement Statement { get; private set; } = statement;

    /// <summary>SHA-256 of the Bind message behind its names, where the statement comes with bind values.</summary>
    public byte[]? BindDigest { get; init; }

    /// <summary>The verdict under which it began to run, where it only runs on, or under which the gate let it pass before columns were labelled for it; otherwise null.</summary>
    public Verdict? AdmittedBefore { get; set; }

    /// <summary>How often columns were labelled for it: each time it is judged anew, which may find others.</summary>
    public int Labellings { get; set; }

    /// <summary>True once the gate let it pass.</summary>
    public bool IsAdmitted { get; set; }

    public Judgement? Judgement { get; set; }

    /// <summary>True once it was taken out of the principal's budgets.</summary>
    public bool IsCounted { get; set; }

    /// <summary>The ErrorResponse that the client gets in place of the statement's effect; null unless refused.</summary>
    public byte[]? Refusal { get; set; }

    /// <summary>The id under which the refusal is on record.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>A digest of all that runs: the statement's bytes, the types of its parameters and its bind values.</summary>
    public byte[] Digest() =>
        SHA256.HashData([.. SHA256.HashData(Statement.Text), .. MemoryMarshal.AsBytes<uint>(Statement.ParameterTypes), .. BindDigest ?? []]);

    /// <summary>The most rows of its result for which it was approved; null for no such condition.</summary>
    public long? MaxRows { get; set; }

    /// <summary>How much of its result may pass, where it only runs on; null for one that begins.</summary>
    public ResultLimit<StatementAtGate>? Limit { get; set; }

    /// <summary>How often meanings had changed when the picture that it was judged by was not looked at yet.</summary>
    public long JudgedAt { get; set; }

    /// <summary>The DDL that it is, as other sessions meet it.</summary>
    public Redefinition? Change { get; set; }

    /// <summary>Itself, as other sessions' DDL meets it.</summary>
    public RunningStatement? Running { get; set; }

    /// <summary>The same while it waits for such DDL.</summary>
    public RunningStatement? Awaits { get; set; }

    /// <summary>It has waited for other sessions' DDL once; it does not do so again.</summary>
    public bool HasWaited { get; set; }

    /// <summary>It was judged as a copy that cannot be told: once the gate lets it pass it is sent, whatever others do.</summary>
    public bool IsForced { get; set; }

    /// <summary>Those values by type and length.</summary>
    public IReadOnlyList<BindValue> Values { get; init; } = [];

    /// <summary>True for what a portal runs, which a Bind gave its values.</summary>
    public bool IsBound { get; init; }

    /// <summary>True where the digest says all of it: another session that computes the same runs the same.</summary>
    public bool IsRepeatable => Statement is { Text.Length: > 0, Settings: not null, DependsOnNames: false } && (!IsBound || BindDigest is not null);

    /// <summary>Stands for the statement of a later message; only where nobody else has seen this one.</summary>
    public void Reuse(PreparedStatement statement) => (Statement, Judgement, IsCounted, HasWaited, IsForced) = (statement, null, false, false, false);
}
