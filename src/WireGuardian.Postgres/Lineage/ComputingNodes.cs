using System.Collections.Frozen;

namespace WireGuardian.Postgres.Lineage;

/// <summary>
/// The expression nodes (src/include/nodes/primnodes.h, PostgreSQL 14 to 18) whose value is computed from the expressions in their fields and from nothing else, so that the
/// union over all their fields is right. Functions that they name are asked about apart. Whatever is not here is unknown.
/// </summary>
internal static class ComputingNodes
{
    private static readonly FrozenSet<string> Labels = new[]
    {
        // Calls; the function, operator or aggregate is judged by its OID.
        "FUNCEXPR", "OPEXPR", "DISTINCTEXPR", "NULLIFEXPR", "SCALARARRAYOPEXPR", "ROWCOMPAREEXPR", "NAMEDARGEXPR",

        // Logic and choice.
        "BOOLEXPR", "CASEEXPR", "CASEWHEN", "COALESCEEXPR", "MINMAXEXPR", "NULLTEST", "BOOLEANTEST",

        // Structure: rows, arrays, their parts.
        "ARRAYEXPR", "ROWEXPR", "FIELDSELECT", "FIELDSTORE", "SUBSCRIPTINGREF", "CONVERTROWTYPEEXPR",

        // Another type for the same value. A type's input and output functions are in C, made by a superuser.
        "RELABELTYPE", "COERCEVIAIO", "ARRAYCOERCEEXPR", "COLLATEEXPR", "COERCETODOMAIN",

        // XML and JSON.
        "XMLEXPR", "JSONFORMAT", "JSONRETURNING", "JSONVALUEEXPR", "JSONCONSTRUCTOREXPR", "JSONISPREDICATE", "JSONEXPR", "JSONBEHAVIOR",
        "TABLEFUNC", "JSONTABLEPATH", "JSONTABLEPATHSCAN", "JSONTABLESIBLINGJOIN",

        // Of nothing: constants, parameters from the client, the clock, the user, sequences. The tested value of CASE and of an array's coercion stands in the node around.
        "CONST", "SQLVALUEFUNCTION", "NEXTVALUEEXPR", "CURRENTOFEXPR", "CASETESTEXPR", "COERCETODOMAINVALUE", "SETTODEFAULT", "MERGESUPPORTFUNC",

        // What holds expressions.
        "TARGETENTRY", "INFERENCEELEM", "RANGETBLFUNCTION", "TABLESAMPLECLAUSE", "SORTGROUPCLAUSE", "RETURNINGEXPR",

        // The older spellings: CASE, WHEN and so on.
        "CASE", "WHEN", "COALESCE", "MINMAX", "ROWCOMPARE", "ARRAY", "ROW", "COLLATE",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string label) => Labels.Contains(label);
}
