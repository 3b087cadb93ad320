using WireGuardian.Core.Identity;
using WireGuardian.MySql.Catalog;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy.Session;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>What both directions of a session share. Guarded by the driver: one direction runs at a time.</summary>
public sealed class RelayState
{
    private IServerCatalog? _changing;
    private int _changes;

    public RelayState(Principal principal, string? database, MySqlSqlSettings settings, StatusFlags status, int maxPrepared)
    {
        (Principal, Database, Settings, Status) = (principal, database, settings, status);
        SqlPrepared = new(maxPrepared);
    }

    /// <summary>Commands that the server has not answered, oldest first.</summary>
    public Queue<Request> Queue { get; } = new();

    public PreparedTable Prepared { get; } = new();

    public SqlPrepared SqlPrepared { get; }

    /// <summary>What ran before that decides what a text means.</summary>
    public SessionHistory History { get; } = new("");

    /// <summary>What the open transaction has run.</summary>
    public TransactionSoFar Transaction { get; } = new();

    /// <summary>What the requester gave as the reason for what the session does; empty for none.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Who the session belongs to; COM_CHANGE_USER changes it.</summary>
    public Principal Principal { get; set; }

    /// <summary>The session's own database; null for none.</summary>
    public string? Database { get; set; }

    /// <summary>Something ran that may have changed <see cref="Database"/>.</summary>
    public bool DatabaseIsUncertain { get; set; }

    /// <summary>How the server reads the session's text, as far as <see cref="KnowsSettings"/> says so.</summary>
    public MySqlSqlSettings Settings { get; set; }

    /// <summary>True when <see cref="Settings"/> are what the server said, and nothing ran since that can have changed them.</summary>
    public bool KnowsSettings { get; set; }

    /// <summary>The server could not be asked for its settings: only text that reads the same under all of them is read until something else ran.</summary>
    public bool SettingsAreUnavailable { get; set; }

    /// <summary>No statement was sent since the login, or since the session was reset: there is nothing yet that one of our own could disturb.</summary>
    public bool IsFresh { get; set; } = true;

    /// <summary>What the server's last OK or EOF said.</summary>
    public StatusFlags Status { get; set; }

    /// <summary>What the client's next packet is.</summary>
    public ClientPhase Phase { get; set; }

    /// <summary>The COM_CHANGE_USER under way; null where there is none.</summary>
    public UserChange? UserChange { get; set; }

    /// <summary>Numbers the client's packets anew; null where its own numbers are right, which is where its leg is not compressed.</summary>
    public PacketNumbers? ClientNumbers { get; init; }

    /// <summary>The scramble of the last login, which the next COM_CHANGE_USER is made with.</summary>
    public byte[] Nonce { get; set; } = [];

    /// <summary>A statement involved masked columns: what the server tells about it later (SHOW WARNINGS) may quote them.</summary>
    public bool InvolvedMasked { get; set; }

    /// <summary>A temporary table may hide another of its name, so names do not tell what columns are.</summary>
    public bool HasTemporaryTables { get; set; }

    /// <summary>Grows with every statement that may have changed the character set of results.</summary>
    public int ResultCharacterSets { get; set; }

    /// <summary>Set when the session should end at the next moment at which nothing is lost.</summary>
    public bool IsDraining { get; set; }

    /// <summary>True when every command has been answered.</summary>
    public bool IsSettled => Queue.Count == 0;

    /// <summary>True when nothing is under way and no transaction is open: the session can end without anybody losing anything.</summary>
    public bool IsIdle => IsSettled && Phase == ClientPhase.Command && !Status.HasFlag(StatusFlags.InTransaction);

    /// <summary>A statement that may change the catalog is about to be sent.</summary>
    public void BeginCatalogChange(IServerCatalog? catalog)
    {
        if (catalog is null)
            return;
        _changing = catalog;
        _changes++;
        catalog.BeginChange();
    }

    /// <summary>It was answered.</summary>
    public void EndCatalogChange()
    {
        if (_changes == 0)
            return;
        _changes--;
        _changing!.EndChange();
    }

    /// <summary>COM_RESET_CONNECTION or COM_CHANGE_USER: nothing of what the session made is left.</summary>
    public void Reset()
    {
        Prepared.Clear();
        SqlPrepared.Clear();
        History.Reset();
        Reason = "";
        DatabaseIsUncertain = IsFresh = true;
        KnowsSettings = SettingsAreUnavailable = HasTemporaryTables = InvolvedMasked = false;
    }

    /// <summary>The session is over.</summary>
    public void End()
    {
        Prepared.Clear();
        while (_changes > 0)
            EndCatalogChange();
    }
}
