namespace WireGuardian.Sql.MySql;

/// <summary>What a statement does to the transaction it stands in, by its text. The server's status flags have the last word.</summary>
public enum TransactionEffect
{
    None,
    Begins,
    Commits,
    RollsBack,

    /// <summary>SAVEPOINT, ROLLBACK TO, RELEASE.</summary>
    MovesSavepoint,

    /// <summary>The server commits before it runs (DDL, account management, LOCK TABLES …).</summary>
    CommitsImplicitly,

    /// <summary>Code may do any of these.</summary>
    Unknown,
}
