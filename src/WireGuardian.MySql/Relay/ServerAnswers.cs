using System.Text;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;

namespace WireGuardian.MySql.Relay;

/// <summary>What the server's packets mean for the commands that wait for them and for the session's state.</summary>
public sealed class ServerAnswers(RelayState state, SessionContext context, IStatementLog log)
{
    /// <summary>A packet that does not stand where the protocol has one like it.</summary>
    public static ProtocolException Unexpected(string packet) => new(ProtocolFault.Server, $"{packet} came where the protocol has none");

    /// <summary>An OK packet, or the one that takes EOF's place.</summary>
    /// <returns>True when the answer goes on with another result.</returns>
    public bool TakeOk(Request request, ReadOnlySpan<byte> payload)
    {
        if (!OkPacket.TryParse(payload, context.Capabilities, out var ok))
            throw new ProtocolException(ProtocolFault.Server, "an OK packet that is cut short");
        if (!request.IsOurs)
            FollowSessionState(ok.SessionState);
        return TakeStatus(request, ok.Status);
    }

    /// <summary>An EOF packet.</summary>
    /// <returns>True when the answer goes on with another result.</returns>
    public bool TakeEof(Request request, ReadOnlySpan<byte> payload)
    {
        // A server may end definitions with an OK packet of the same marker.
        if (!EofPacket.TryParse(payload, out var eof))
            return TakeOk(request, payload);
        return TakeStatus(request, eof.Status);
    }

    /// <summary>The answer is over and went well.</summary>
    public void Succeeded(Request request)
    {
        if (request.NewDatabase is { } database)
            (state.Database, state.DatabaseIsUncertain) = (database, false);
        if (request.Command == Command.ResetConnection)
            state.Reset();
        if (request.Kills != 0)
            log.Killed(request.Kills);
        Over(request);
    }

    /// <summary>The answer ended with an error.</summary>
    public void Failed(Request request)
    {
        if (request.Command == Command.StatementPrepare)
            state.Prepared.ForgetLast();
        foreach (var statement in request.Statement?.Statements ?? [])
            state.SqlPrepared.Doubt(statement);
        Over(request);
    }

    /// <summary>The server said whether it takes the client for whom it says it is.</summary>
    public void EndUserChange(Request request)
    {
        var change = state.UserChange!;
        (state.Phase, state.UserChange) = (ClientPhase.Command, null);
        if (change.Next == Speaker.LoggedIn)
        {
            state.Reset();
            (state.Nonce, state.Database, state.DatabaseIsUncertain) = (change.Nonce, change.Identity.Database.Length > 0 ? change.Identity.Database : null, false);
            log.UserChanged(change.Identity);
        }
        Over(request);
    }

    private void Over(Request request)
    {
        state.Queue.Dequeue();
        if (request.ChangesCatalog)
            state.EndCatalogChange();
        if (!request.IsOurs)
            log.Answered();
    }

    private bool TakeStatus(Request request, StatusFlags status)
    {
        if (!request.IsOurs)
            state.Status = status;
        return status.HasFlag(StatusFlags.MoreResultsExist);
    }

    private void FollowSessionState(ReadOnlySpan<byte> sessionState)
    {
        if (sessionState.IsEmpty)
            return;
        var changes = new SessionStateReader(sessionState);
        while (changes.MoveNext())
        {
            if (changes.Type == SessionStateType.Schema && new PayloadReader(changes.Data).TryReadLengthEncodedBytes(out var database))
                (state.Database, state.DatabaseIsUncertain) = (Encoding.UTF8.GetString(database), false);
            else if (changes.Type == SessionStateType.SystemVariables)
                state.KnowsSettings = state.SettingsAreUnavailable = false;
        }
        if (changes.IsBroken)
            throw new ProtocolException(ProtocolFault.Server, "a change of session state that is cut short");
    }
}
