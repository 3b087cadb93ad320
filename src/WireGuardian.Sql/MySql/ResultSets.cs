namespace WireGuardian.Sql.MySql;

/// <summary>How many result sets a statement answers with when it succeeds.</summary>
public enum ResultSets
{
    /// <summary>An OK packet and no rows.</summary>
    None,
    One,

    /// <summary>Any number: CALL, compound statements, EXECUTE, and what is not understood.</summary>
    Unknown,
}
