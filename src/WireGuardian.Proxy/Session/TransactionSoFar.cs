using WireGuardian.Core.Statements;

namespace WireGuardian.Proxy.Session;

/// <summary>What a session's open transaction has run. Guarded by the relay's lock.</summary>
public sealed class TransactionSoFar
{
    /// <summary>Statements sent in it.</summary>
    public int Statements { get; private set; }

    /// <summary>Their kinds.</summary>
    public StatementKinds Kinds { get; private set; }

    /// <summary>A statement is sent.</summary>
    /// <param name="isOpen">True where a transaction is open already.</param>
    /// <param name="kinds">Its kinds.</param>
    public void Sent(bool isOpen, StatementKinds kinds)
    {
        if (!isOpen)
            (Statements, Kinds) = (0, StatementKinds.None);
        if (Statements < int.MaxValue)
            Statements++;
        Kinds |= kinds;
    }
}
