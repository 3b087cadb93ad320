using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>A catalog with one table <c>people</c> (number 7) whose second column is masked, and nothing else.</summary>
internal sealed class FakeCatalog : IDatabaseCatalog, ICatalogSnapshot, ICatalogView
{
    public const int People = 7;
    public const int Masked = 2;

    public static MaskingRule Rule { get; } = new()
    {
        Name = "contact",
        Mask = MaskKind.Redact,
        Columns = [ColumnPattern.TryParse("public.people.ssn", out var pattern) ? pattern! : throw new FormatException()],
    };

    public ICatalogSnapshot? Current => Newer ?? this;

    /// <summary>A picture that has taken the place of this one.</summary>
    public FakeCatalog? Newer { get; set; }

    public bool IsFresh { get; set; } = true;

    public ConcurrentWork Work { get; } = new();

    /// <summary>A routine named <c>code</c> is all that users made.</summary>
    public bool RunsCode(StatementFacts facts) => facts.IsOpaque || facts.Identifiers.Any(identifier => identifier.Name == "code");

    public bool IsNamedInCode(string name) => false;

    public bool MasksNothing => false;

    public int Changes { get; private set; }

    public long ChangeCount { get; set; }

    public ICatalogView ViewFor(Principal principal) => this;

    public ICatalogView Unexempted => this;

    public long LabelVersion => Newer?.LabelVersion ?? OwnLabels;

    public long OwnLabels { get; init; }

    public bool LacksLabels => false;

    public IReadOnlyList<LabelledColumn>? CopiesOf(StatementFacts facts, LineageAnswer answer) => null;

    public IReadOnlyList<uint> Namesakes(string name) => [];

    public ValueTask<IReadOnlyList<ColumnLabel>> LabelAsync(IReadOnlyList<LabelledColumn> columns, LabelOrigin origin, CancellationToken cancellationToken) =>
        throw new LabelStoreException("there is no store");

    public void SettleLabels(IReadOnlyList<ColumnLabel> labels)
    {
    }

    public PostgresType TypeOf(uint oid) => PostgresBuiltInTypes.Find(oid) ?? PostgresType.Unknown(oid);

    public ColumnResolution Resolve(uint relation, short attribute) =>
        (relation == People && attribute == Masked) || Labelled.Contains((relation, attribute)) ? new(ColumnOrigin.Masked, Rule, false) : new(ColumnOrigin.Unmasked, null, false);

    /// <summary>The first column of <c>people</c> is its key; the others are texts.</summary>
    public (string Schema, string Table, string Column)? NameOf(uint relation, short attribute) =>
        relation == People ? ("public", "people", attribute == 1 ? "id" : $"text{attribute}") : null;

    public bool MasksMoreThanItReads(uint view) => false;

    /// <summary>The fourth column of <c>people</c>.</summary>
    public bool IsGenerated(uint relation, short attribute) => relation == People && attribute == 4;

    public bool Involves(StatementFacts facts) => facts.IsOpaque || facts.Identifiers.Any(identifier => identifier.Name == "people" || Involved.Contains(identifier.Name));

    /// <summary>Names that involve masked columns beside <c>people</c>.</summary>
    public HashSet<string> Involved { get; } = [];

    /// <summary>Columns that are masked beside the rule's own.</summary>
    public HashSet<(uint Relation, short Attribute)> Labelled { get; } = [];

    /// <summary>Copies are denied by the bench's policy where this says so.</summary>
    public bool Copies(StatementFacts facts) => facts.IsOpaque;

    public bool CopiesByCode(StatementFacts facts) => facts.IsOpaque;

    public bool NamesMasked(Identifier identifier, StatementFacts facts) => identifier.Name == "people";

    public bool LeavesValuesBehind(StatementFacts facts) => false;

    public bool MakesLeaving(StatementFacts facts) => false;

    public bool NamesMaskedColumn(IReadOnlySet<Identifier> names) => false;

    public bool HasRoutine(string name) => name == "old_routine";

    /// <summary>A routine named <c>settings</c> changes settings.</summary>
    public StatementKinds KindsOfRoutines(StatementFacts facts) => KindsOf(facts, "settings");

    /// <summary>And so does a trigger on a table of that name.</summary>
    public StatementKinds KindsOfTriggers(StatementFacts facts) => KindsOf(facts, "set_by_trigger");

    private static StatementKinds KindsOf(StatementFacts facts, string name) =>
        facts.Identifiers.Any(identifier => identifier.Name == name) ? StatementKinds.Session : StatementKinds.None;

    public ValueTask<ICatalogSnapshot> GetFreshAsync(CancellationToken cancellationToken) => new(this);

    public void BeginChange() => (Changes, ChangeCount) = (Changes + 1, ChangeCount + 1);

    public void EndChange() => (Changes, ChangeCount) = (Changes - 1, ChangeCount + 1);

    public ValueTask<bool> IsSyntaxErrorAsync(string statement, bool standardConformingStrings, CancellationToken cancellationToken) => new(false);

    /// <summary>It has no server to ask.</summary>
    public LineageAnswer? FindLineage(in LineageQuestion question, ICatalogSnapshot snapshot) => LineageAnswer.Unknown("there is no server");

    public ValueTask<LineageAnswer> AskLineageAsync(LineageQuestion question, ICatalogSnapshot snapshot, CancellationToken cancellationToken) =>
        new(LineageAnswer.Unknown("there is no server"));
}
