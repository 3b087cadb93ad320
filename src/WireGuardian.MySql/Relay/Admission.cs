using WireGuardian.Core.Audit;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Catalog;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.MySql.Relay;

/// <summary>Stops every statement until it is judged, and until the gate has let it pass where a rule matches it.</summary>
public sealed class Admission(RelayState state, StatementJudge judge, SessionContext context, IStatementLog log)
{
    private const StatementKinds CodeRunners = StatementKinds.Code | StatementKinds.Unclassified;

    private const StatementKinds DatabaseChangers = CodeRunners | StatementKinds.Ddl;

    /// <summary>What the client's direction waits for, after an answer was asked for.</summary>
    public ClientWait Wait { get; set; }

    /// <summary>The statement of the command that the client's direction stands at, until the command is dealt with.</summary>
    public StatementAtGate? AtGate { get; set; }

    /// <summary>A picture of the catalog loaded for the statement that waits.</summary>
    public ICatalogView? AskedView { get; set; }

    /// <summary>Judges, and where there is something to wait for, says for what.</summary>
    public bool IsJudgedAndAdmitted(StatementAtGate statement)
    {
        if (statement.Refusal is null && statement.Judgement is null)
        {
            statement.Judgement = judge.TryJudge(statement.Statement, AskedView);
            AskedView = null;
            if (statement.Judgement is null)
            {
                Wait = ClientWait.Catalog;
                return false;
            }
        }
        return statement.Refusal is null ? IsAdmitted(statement) : IsRefusalSent(statement);
    }

    private bool IsAdmitted(StatementAtGate statement)
    {
        if (statement.IsAdmitted)
            return true;
        Wait = ClientWait.Gate;
        if (!statement.Judgement!.PassesAtOnce)
            return false;
        try
        {
            if (statement.Statement.Statements.Count > 0)
                log.Passed(statement.Statement, statement.Judgement);
        }
        catch (AuditUnavailableException)
        {
            // The gate finds the words for it.
            return false;
        }
        return statement.IsAdmitted = true;
    }

    private bool IsRefusalSent(StatementAtGate statement)
    {
        Wait = state.IsSettled ? ClientWait.Refusal : ClientWait.Settled;
        return statement.IsRefusalSent;
    }

    /// <summary>How much may pass of the result of a statement that passed the gate; null for no limit.</summary>
    public static ResultLimit<StatementAtGate>? LimitOf(StatementAtGate gated)
    {
        var verdict = gated.Judgement!.Verdict;
        return verdict.LimitedBy is null && gated.MaxRows is null ? null : new(gated, verdict, gated.MaxRows, gated.RequestId);
    }

    /// <summary>A statement is sent.</summary>
    public void NoteEffects(StatementAtGate gated)
    {
        var judgement = gated.Judgement!;
        SettingTexts.Note(state, gated);
        state.Transaction.Sent(state.Status.HasFlag(Packets.StatusFlags.InTransaction), judgement.Verdict.Kinds);
        state.InvolvedMasked |= judgement.InvolvesMasked;
        if (judgement.MayChangeCatalog)
            state.BeginCatalogChange(context.Catalog);
        if (judgement.MayChangeSettings)
            state.KnowsSettings = state.SettingsAreUnavailable = false;
        var isOneUse = gated.Statement.Statements is [{ UsesDatabase: not null }];
        state.DatabaseIsUncertain |= !isOneUse && ((judgement.Verdict.Kinds & DatabaseChangers) != StatementKinds.None || gated.Statement.Statements.Any(one => one.UsesDatabase is not null));
        var runsCode = (judgement.Verdict.Kinds & CodeRunners) != StatementKinds.None;
        if (judge.Detection.Count > 0 && (runsCode || MayChangeResults(gated)))
            state.ResultCharacterSets++;
        foreach (var renaming in gated.Statement.Statements.Concat(judgement.Inner.OfType<PreparedText>().Select(inner => inner.Statement)).Where(one => one.Renames))
            context.Catalog?.MayHaveSwapped([.. renaming.Facts.Identifiers]);
        for (var index = 0; index < gated.Statement.Statements.Count; index++)
        {
            var statement = gated.Statement.Statements[index];
            state.SqlPrepared.Note(statement, gated.Statement.Settings, gated.Statement.DatabaseOf(index), runsCode);
            state.HasTemporaryTables |= statement.CreatesTemporaryTable || statement.Prepares?.CreatesTemporaryTable == true;
        }
        state.HasTemporaryTables |= runsCode && judgement.Verdict.Kinds.HasFlag(StatementKinds.Ddl);
    }

    private static bool MayChangeResults(StatementAtGate gated) =>
        gated.Statement.Statements.Concat(gated.Judgement!.Inner.OfType<PreparedText>().Select(inner => inner.Statement))
            .Any(one => one.SettingChanges.Any(change => change.Name.StartsWith("character_set", StringComparison.Ordinal)));
}
