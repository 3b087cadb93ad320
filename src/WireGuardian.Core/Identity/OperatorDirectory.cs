using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Core.Identity;

/// <summary>
/// Who may decide, by token. Of a token only an HMAC-SHA-256 under a key of this directory's own is kept, so a dump of the memory gives no token
/// and no hash that could be looked up. Immutable: a reload makes a new one.
/// </summary>
public sealed class OperatorDirectory
{
    /// <summary>Longer tokens are refused unread.</summary>
    public const int MaximumTokenLength = 4096;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Entry[] _entries;

    /// <summary>
    /// Throws <see cref="ArgumentException"/> for an empty name, an empty or overlong token, a name given twice (ignoring case), or two operators
    /// with one token: a decision must name exactly one person.
    /// </summary>
    /// <param name="accounts">The operators.</param>
    /// <param name="people">Who they are.</param>
    public OperatorDirectory(IEnumerable<OperatorAccount> accounts, People? people = null)
    {
        people ??= People.None;
        var entries = new List<Entry>();
        foreach (var account in accounts)
        {
            if (string.IsNullOrWhiteSpace(account.Name))
                throw new ArgumentException("An operator has no name.", nameof(accounts));
            if (account.Token.Length is 0 or > MaximumTokenLength)
                throw new ArgumentException($"The token of operator {account.Name} must have 1 to {MaximumTokenLength} characters.", nameof(accounts));
            if (entries.Exists(entry => string.Equals(entry.Operator.Name, account.Name, StringComparison.OrdinalIgnoreCase)))
                throw new ArgumentException($"The operator {account.Name} is named twice.", nameof(accounts));
            var hash = HashOf(account.Token);
            if (entries.Find(entry => entry.TokenHash.AsSpan().SequenceEqual(hash)) is { } same)
                throw new ArgumentException($"The operators {same.Operator.Name} and {account.Name} have the same token.", nameof(accounts));
            entries.Add(new Entry(new Operator(account.Name, [.. account.Groups]) { Person = people.OfOperator(account.Name) }, hash));
        }
        _entries = [.. entries];
    }

    /// <summary>The operators, in the order of the configuration.</summary>
    public IReadOnlyList<Operator> Operators => [.. _entries.Select(entry => entry.Operator)];

    /// <summary>The operator whose token this is, or null. Takes the same time whichever operator it is, and whether it is one at all.</summary>
    public Operator? Authenticate(ReadOnlySpan<char> token)
    {
        if (token.Length is 0 or > MaximumTokenLength)
            return null;
        var hash = HashOf(token);
        Operator? found = null;
        foreach (var entry in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(entry.TokenHash, hash))
                found = entry.Operator;
        }
        return found;
    }

    private byte[] HashOf(ReadOnlySpan<char> token)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(token)];
        Encoding.UTF8.GetBytes(token, bytes);
        var hash = HMACSHA256.HashData(_key, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return hash;
    }

    private sealed record Entry(Operator Operator, byte[] TokenHash);
}
