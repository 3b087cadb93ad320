namespace WireGuardian.Postgres.Messages;

/// <summary>ReadyForQuery (backend, Z).</summary>
/// <param name="TransactionStatus"><c>I</c> idle, <c>T</c> in a transaction, <c>E</c> in a failed one; nothing else parses.</param>
public readonly record struct ReadyForQuery(byte TransactionStatus)
{
    public static bool TryParse(ReadOnlySpan<byte> body, out ReadyForQuery message)
    {
        message = body.Length == 1 ? new ReadyForQuery(body[0]) : default;
        return message.TransactionStatus is (byte)'I' or (byte)'T' or (byte)'E';
    }
}
