using System.Text;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Prepared statements that SQL drops: DEALLOCATE and DISCARD ALL. They are gone once the server says that the statement has run, whatever becomes of its
/// transaction; a DEALLOCATE that fails drops nothing.
/// </summary>
internal sealed class Deallocation(RelayState state)
{
    /// <summary>A statement has run.</summary>
    /// <param name="tag">What the server calls it.</param>
    /// <param name="request">The Query or Execute that it belongs to.</param>
    public void Take(ReadOnlySpan<byte> tag, in Request request)
    {
        if (tag.SequenceEqual("DISCARD ALL"u8) || tag.SequenceEqual("DEALLOCATE ALL"u8))
        {
            state.SqlNames.ForgetPrepared();
            state.Statements.RemoveConfirmed();
            ForgetClosing(null);
            // Nothing ran behind it that the reset would seem to take back.
            if (tag[0] == 'D' && tag[1] == 'I' && request.HistoryLength == state.History.Length)
                state.History.Reset();
        }
        else if (tag.SequenceEqual("DEALLOCATE"u8) && request.Statement is { Facts: { } statements })
        {
            // The server answers the statements of a Query one by one. One that ran a DEALLOCATE by a name of its own, with EXECUTE, does not say which.
            var index = request.Kind == RequestKind.Query ? request.Ended : 0;
            if (index < statements.Count && (request.Kind == RequestKind.Query || statements.Count == 1) && statements[index].Deallocates is { } name)
                Drop(name, statements.Skip(index + 1));
        }
    }

    private void Drop(string name, IEnumerable<StatementFacts> later)
    {
        // What the same Query puts under the name afterwards is known already.
        if (!later.Any(statement => statement.ExecutesPrepared is not null || statement.Defines is { IsCursor: false } made && made.Name == name))
            state.SqlNames.ForgetPrepared(name);
        // No other names are kept: the server recodes them.
        if (name.Length == 0 || !Ascii.IsValid(name))
            return;
        var bytes = Encoding.ASCII.GetBytes(name);
        state.Statements.RemoveConfirmed(bytes);
        ForgetClosing(bytes);
    }

    /// <summary>A Close that was sent since, and that the server passes over, brings nothing back that is gone.</summary>
    private void ForgetClosing(byte[]? name)
    {
        for (var index = 1; index < state.Queue.Count; index++)
        {
            ref var later = ref state.Queue[index];
            if (later is { Kind: RequestKind.Close, StatementEntry: { IsConfirmed: true } closing } && (name is null || closing.Name.AsSpan().SequenceEqual(name)))
                later.StatementEntry = null;
        }
    }
}
