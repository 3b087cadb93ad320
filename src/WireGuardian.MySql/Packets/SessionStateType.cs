namespace WireGuardian.MySql.Packets;

/// <summary>What a change of session state is about. Types that are not named here are passed over.</summary>
public enum SessionStateType : byte
{
    /// <summary>Name and value of a system variable, each length-encoded; MariaDB may send several pairs.</summary>
    SystemVariables = 0,

    /// <summary>The new default database, length-encoded.</summary>
    Schema = 1,

    /// <summary>Something else changed: <c>1</c>, length-encoded.</summary>
    StateChange = 2,
    Gtids = 3,

    /// <summary>Statements that would open the same transaction elsewhere.</summary>
    TransactionCharacteristics = 4,

    /// <summary>Eight characters, <c>T_______</c> and the like.</summary>
    TransactionState = 5,
}
