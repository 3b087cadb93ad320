using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Proxy.Catalog;
using WireGuardian.Proxy.Gating;

namespace WireGuardian.Postgres.Catalog;

/// <summary>What is known of one database: which columns are masked, under which names they can be reached, and what types look like.</summary>
public interface IDatabaseCatalog : ICatalog<ICatalogSnapshot>
{
    /// <summary>Grows when a change begins and when one ends: where it is the same at two times and the picture was fresh at the first, nothing changed in between.</summary>
    long ChangeCount { get; }

    /// <summary>What the listener's sessions do in the database at the same time.</summary>
    ConcurrentWork Work { get; }

    /// <summary>Grows when a label of the database comes or goes.</summary>
    long LabelVersion { get; }

    /// <summary>A label came or went that <see cref="ICatalog{TSnapshot}.Current"/> does not know.</summary>
    bool LacksLabels { get; }

    /// <summary>
    /// Why nothing may change the catalog now, in a sentence: what its columns are masked by is not in the store, and after a restart a change of names or structure would take masks off.
    /// Null where it is.
    /// </summary>
    string? Unkept => null;

    /// <summary>
    /// Labels columns. On return that is durable, and no result is planned any more by a picture that does not know it.
    /// Throws <see cref="LabelStoreException"/> where it cannot be kept: then no column has a label.
    /// </summary>
    ValueTask<IReadOnlyList<ColumnLabel>> LabelAsync(IReadOnlyList<LabelledColumn> columns, LabelOrigin origin, CancellationToken cancellationToken);

    /// <summary>The transactions are over that made the relations of these labels. Does not wait for it to be kept.</summary>
    void SettleLabels(IReadOnlyList<ColumnLabel> labels);

    /// <summary>
    /// Asks the server's parser, executing nothing: true only if it refuses <paramref name="statement"/> with a syntax error. False where it cannot be asked.
    /// </summary>
    ValueTask<bool> IsSyntaxErrorAsync(string statement, bool standardConformingStrings, CancellationToken cancellationToken);

    /// <summary>
    /// Where a statement's result columns come from, as far as it is known already for this picture of the catalog; null where the server has to be asked.
    /// Allocates nothing.
    /// </summary>
    LineageAnswer? FindLineage(in LineageQuestion question, ICatalogSnapshot snapshot);

    /// <summary>
    /// Has the server analyse a statement, executing nothing. Whatever goes wrong, and a picture that holds no more, make an answer that knows nothing.
    /// </summary>
    ValueTask<LineageAnswer> AskLineageAsync(LineageQuestion question, ICatalogSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// How many rows the relations of these names have, by the statistics that the server keeps (reltuples); where several schemas hold a name, all of them. Those that
    /// were never counted are left out, and all of them where the server does not answer.
    /// </summary>
    ValueTask<IReadOnlyList<CountedRelation>> CountAsync(IReadOnlyCollection<Identifier> relations, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<CountedRelation>>([]);

    /// <summary>
    /// What operators can be told of a statement's result beforehand: its columns, with their lineage and masks, and what its plan expects. Never throws: what the server
    /// does not say, or not before <paramref name="cancellationToken"/>, is left out.
    /// </summary>
    /// <param name="question">The statement.</param>
    /// <param name="principal">Who wants to run it.</param>
    /// <param name="involvesMasked">It may read masked columns.</param>
    /// <param name="cancellationToken">It has taken long enough.</param>
    ValueTask<Foresight> ForeseeAsync(LineageQuestion question, Principal principal, bool involvesMasked, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Foresight.None);
}

/// <summary>An immutable picture of one database under one policy.</summary>
public interface ICatalogSnapshot
{
    /// <summary>The picture as it concerns one principal: rules it is exempt from left out.</summary>
    ICatalogView ViewFor(Principal principal);

    /// <summary>The type with this OID; <see cref="PostgresType.Unknown"/> when the picture does not have it.</summary>
    PostgresType TypeOf(uint oid);

    /// <summary>The picture as it concerns somebody whom no rule exempts.</summary>
    ICatalogView Unexempted { get; }

    /// <summary>Of the labels that it was made with.</summary>
    long LabelVersion { get; }

    /// <summary>
    /// The columns to which the statement copies masked values and which show more of them than their origin does; null where that cannot be told for sure.
    /// </summary>
    /// <param name="facts">The statement.</param>
    /// <param name="answer">Its lineage, or that of what it makes or rewrites.</param>
    IReadOnlyList<LabelledColumn>? CopiesOf(StatementFacts facts, LineageAnswer answer);

    /// <summary>
    /// The names of a table's column; null where its values come from elsewhere (views, tables that inherit), and where the picture does not have it.
    /// </summary>
    (string Schema, string Table, string Column)? NameOf(uint relation, short attribute) => null;

    /// <summary>True where the statement may run code of a user's making: routines, views, types or operators that it names, triggers on what it writes.</summary>
    bool RunsCode(StatementFacts facts);

    /// <summary>True where the body of a user's routine holds the name.</summary>
    bool IsNamedInCode(string name);

    /// <summary>The relations of this name, in whatever schema.</summary>
    IReadOnlyList<uint> Namesakes(string name);

    /// <summary>True for a generated column, which COPY of a whole table leaves out.</summary>
    bool IsGenerated(uint relation, short attribute);
}

/// <summary>What masking needs to know for one principal.</summary>
public interface ICatalogView
{
    /// <summary>True when no rule masks anything for this principal: rows need not be looked at.</summary>
    bool MasksNothing { get; }

    /// <summary>Where the column of a result comes from, by RowDescription's table OID and attribute number (both not 0).</summary>
    ColumnResolution Resolve(uint relation, short attribute);

    /// <summary>
    /// True for a view with a column that a rule names although what it is made of is not masked: what the server's query tree says of a statement with such a
    /// view in it, it says of the columns below.
    /// </summary>
    bool MasksMoreThanItReads(uint view);

    /// <summary>
    /// True unless the statement surely involves no masked column: none of its names is that of a relation with a masked column, of a view, partition or
    /// routine that may read one, or of a built-in that reads elsewhere. An opaque statement always involves one.
    /// </summary>
    bool Involves(StatementFacts facts);

    /// <summary>True when the statement may write what it reads of a masked column to where no rule masks it.</summary>
    bool Copies(StatementFacts facts);

    /// <summary>True when it may do so otherwise than by what it is seen to store itself: in routines, operators or triggers.</summary>
    bool CopiesByCode(StatementFacts facts);

    /// <summary>True for the name of a relation, routine or type through which a masked column may be read.</summary>
    bool NamesMasked(Identifier identifier, StatementFacts facts);

    /// <summary>True when the statement names a routine that can store or send what it is given, whatever that is.</summary>
    bool LeavesValuesBehind(StatementFacts facts);

    /// <summary>True where the routine that the statement makes, or gives another name, can store or send what it is given: by itself, or by what it calls.</summary>
    bool MakesLeaving(StatementFacts facts);

    /// <summary>True when one of the names is that of a column that is masked or computed from masked ones, or of something through which such a column may be read.</summary>
    bool NamesMaskedColumn(IReadOnlySet<Identifier> names);

    /// <summary>True when there is a routine of a user's with this name, in whatever schema.</summary>
    bool HasRoutine(string name);

    /// <summary>The kinds of what the routines named in the statement do inside.</summary>
    StatementKinds KindsOfRoutines(StatementFacts facts);

    /// <summary>The kinds of what the server runs by itself when the statement writes: triggers, defaults.</summary>
    StatementKinds KindsOfTriggers(StatementFacts facts);
}

/// <summary>How a result column stands to the masked columns.</summary>
public enum ColumnOrigin
{
    /// <summary>A column that no rule masks.</summary>
    Unmasked,

    /// <summary>A masked column as it is.</summary>
    Masked,

    /// <summary>Computed from a masked column, by a view.</summary>
    Derived,

    /// <summary>The relation is not in the picture (new, of an uncommitted transaction).</summary>
    Unknown,
}

/// <summary>The origin of a result column and the rule that masks it.</summary>
/// <param name="Origin">Plain, derived, unmasked or unknown.</param>
/// <param name="Rule">The deciding rule for masked and derived columns; otherwise null.</param>
/// <param name="ThroughView">True when the answer rests on a view's definition, which DDL can change under the same OID.</param>
public readonly record struct ColumnResolution(ColumnOrigin Origin, MaskingRule? Rule, bool ThroughView);
