using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>What of a text may change what other sessions' statements mean, and what in it others may change.</summary>
/// <param name="catalog">The database's catalog; null where nothing is masked for anybody.</param>
/// <param name="snapshot">The picture that the text is judged by; null where it is judged without one.</param>
/// <param name="rests">It matters to this session what it copies.</param>
internal struct StatementMeeting(IDatabaseCatalog? catalog, ICatalogSnapshot? snapshot, bool rests)
{
    private const StatementKinds Changing = StatementKinds.Ddl | StatementKinds.Code | StatementKinds.Unclassified;
    private const StatementKinds Writing =
        StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge | StatementKinds.Import | StatementKinds.Code | StatementKinds.Unclassified;

    private List<StatementFacts>? _changes;

    /// <inheritdoc cref="Judgement.Changes"/>
    public readonly IReadOnlyList<StatementFacts> Changes => _changes is null ? [] : _changes;

    /// <inheritdoc cref="Judgement.TouchesMasked"/>
    public bool TouchesMasked { get; private set; }

    /// <inheritdoc cref="Judgement.Rests"/>
    public Resting? Rests { get; private set; }

    /// <summary>A statement of the text, or one that it runs by a name.</summary>
    /// <param name="facts">The statement.</param>
    /// <param name="kinds">Its kinds, those of the routines that it calls included.</param>
    /// <param name="mayChangeCatalog">It may change the catalog.</param>
    public void Add(StatementFacts facts, StatementKinds kinds, bool mayChangeCatalog)
    {
        if (catalog is null)
            return;
        // Privileges decide where names are looked for; what reads masked columns is known by its name, wherever that is found. What only its own definition stands for
        // changes nothing: a picture is loaded after it.
        if (mayChangeCatalog && !facts.KeepsMeanings && (kinds & Changing) != 0)
        {
            (_changes ??= []).Add(facts);
            TouchesMasked |= facts.IsOpaque || facts.AltersSchema || (snapshot ?? catalog.Current)?.Unexempted.Involves(facts) != false;
        }
        if (rests && snapshot is not null && Rests is not { RunsCode: true } && RestsOn(facts, kinds, snapshot) is { } rest)
            Rests = rest;
    }

    private static Resting? RestsOn(StatementFacts facts, StatementKinds kinds, ICatalogSnapshot snapshot)
    {
        if (facts.Kinds.HasFlag(StatementKinds.Ddl) && facts is { IsOpaque: false, Creates: null, Rewrites: null } && !facts.WriteSources.Any(source => source.Target is not null))
            return null;
        if (facts.DefinesRoutine is not null)
            return null;
        var runsCode = snapshot.RunsCode(facts);
        if (runsCode && (kinds & (Writing | StatementKinds.Select | StatementKinds.Ddl)) != 0)
            return Resting.OnCode;
        return facts.WriteSources.Count > 0 || (kinds & Writing) != 0 ? Resting.OnNames : null;
    }
}
