namespace WireGuardian.Postgres.Lineage;

/// <summary>
/// Built-in functions that return rows of which only some columns show other sessions' statements; the rest is about sessions, not about data. By the OIDs of pg_proc.dat and
/// the positions of the columns, which are the same in PostgreSQL 14 to 18.
/// </summary>
internal static class PartialReaders
{
    private const uint StatGetActivity = 2022;
    private const uint PreparedStatement = 2510;
    private const uint Cursor = 2511;

    public static bool Contains(uint function) => function is StatGetActivity or PreparedStatement or Cursor;

    /// <summary>Null for any other function.</summary>
    /// <param name="function">Its OID.</param>
    /// <param name="column">Counted from 1.</param>
    public static bool? ReadsElsewhere(uint function, int column) => function switch
    {
        StatGetActivity => column == 6,
        PreparedStatement or Cursor => column is 1 or 2,
        _ => null,
    };
}
