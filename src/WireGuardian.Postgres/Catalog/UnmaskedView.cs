using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A database in which no rule masks anything for the principal; what routines do still counts.</summary>
internal sealed class UnmaskedView(CatalogPicture picture, RoutineKinds routineKinds) : ICatalogView
{
    public bool MasksNothing => true;

    public ColumnResolution Resolve(uint relation, short attribute) =>
        relation < CatalogPicture.FirstUserOid
            ? default
            : picture.Relations.TryGetValue(relation, out var known)
                ? new ColumnResolution(ColumnOrigin.Unmasked, null, known.IsView)
                : new ColumnResolution(ColumnOrigin.Unknown, null, ThroughView: false);

    public bool MasksMoreThanItReads(uint view) => false;

    public bool Involves(StatementFacts facts) => false;

    public bool Copies(StatementFacts facts) => false;

    public bool CopiesByCode(StatementFacts facts) => false;

    public bool NamesMasked(Identifier identifier, StatementFacts facts) => false;

    public bool LeavesValuesBehind(StatementFacts facts) => routineKinds.LeavesValuesBehind(facts);

    public bool MakesLeaving(StatementFacts facts) => routineKinds.MakesLeaving(facts);

    public bool NamesMaskedColumn(IReadOnlySet<Identifier> names) => false;

    public bool HasRoutine(string name) => routineKinds.Has(name);

    public StatementKinds KindsOfRoutines(StatementFacts facts) => routineKinds.Of(facts);

    public StatementKinds KindsOfTriggers(StatementFacts facts) => routineKinds.OfTriggers(facts);
}
