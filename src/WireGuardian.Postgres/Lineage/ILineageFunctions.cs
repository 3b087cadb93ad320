using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Lineage;

/// <summary>What a function's result can be made of.</summary>
internal enum FunctionLineage
{
    /// <summary>Of its arguments.</summary>
    Computes,

    /// <summary>Of how many of its arguments there are and whether they are null, which says nothing of the values of a column as it stands.</summary>
    Counts,

    /// <summary>Of what no argument names: tables, files, other sessions, a query in a text.</summary>
    ReadsElsewhere,
}

/// <summary>What the walk through a query tree has to know of functions, by OID. Total: an OID that is not known reads elsewhere.</summary>
internal interface ILineageFunctions
{
    /// <summary>Of a function, an aggregate or a window function (pg_proc).</summary>
    FunctionLineage OfFunction(uint function);

    /// <summary>Of the function behind an operator (pg_operator), asked where a tree names the operator alone.</summary>
    FunctionLineage OfOperator(uint operatorOid);

    /// <summary>
    /// Of a conversion that a tree does not show, by pg_type's OIDs: between the branches of a set operation where one of the types is a user's, and to JSON, where the source
    /// is 0 because it can be any.
    /// </summary>
    FunctionLineage OfConversion(uint sourceType, uint targetType);

    /// <summary>
    /// Of the triggers that may change a row of a relation before it is written: RETURNING shows what they leave. Null where there are none; <see cref="FunctionLineage.Computes"/> where
    /// they make columns of the row's others.
    /// </summary>
    FunctionLineage? OfTriggers(uint relation) => FunctionLineage.ReadsElsewhere;

    /// <summary>True for a column whose documents are masked in places for somebody, so that it matters which part of them a statement takes.</summary>
    bool HasPlaces(ColumnKey column) => false;

    /// <summary>What a function that <see cref="OfFunction"/> cannot vouch for gives, where that was found out otherwise; null where it was not.</summary>
    FunctionBody? BodyOf(uint function) => null;
}
