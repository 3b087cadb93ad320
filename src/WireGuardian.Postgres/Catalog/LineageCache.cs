using System.Buffers.Binary;
using System.Collections.Concurrent;
using WireGuardian.Postgres.Lineage;
using WireGuardian.Postgres.Relay;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Catalog;

/// <summary>
/// Answers under one picture of the catalog, by statement template and parameter types; shared by the sessions of a database. Finding one allocates nothing.
/// Statements with long templates are not kept, and a full cache begins anew.
/// </summary>
internal sealed class LineageCache(ICatalogSnapshot snapshot)
{
    private const int MostAnswers = 2048;
    private const int LongestKey = 4 << 10;
    private const int MostBodies = 4096;

    [ThreadStatic]
    private static byte[]? _key;

    private volatile IReadOnlyDictionary<uint, FunctionBody?> _bodies = new Dictionary<uint, FunctionBody?>();

    private readonly ConcurrentDictionary<byte[], LineageAnswer> _answers = new(ByteNameComparer.Instance);

    public ICatalogSnapshot Snapshot => snapshot;

    public int Count => _answers.Count;

    /// <summary>The bodies of functions that were followed under this picture.</summary>
    public IReadOnlyDictionary<uint, FunctionBody?> Bodies => _bodies;

    public void Keep(IReadOnlyDictionary<uint, FunctionBody?> bodies) => _bodies = bodies.Count <= MostBodies ? bodies : new Dictionary<uint, FunctionBody?>();

    public LineageAnswer? Find(in LineageQuestion question)
    {
        var key = WriteKey(question);
        return !key.IsEmpty && _answers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var answer) ? answer : null;
    }

    public void Keep(in LineageQuestion question, LineageAnswer answer)
    {
        var key = WriteKey(question);
        if (key.IsEmpty)
            return;
        if (_answers.Count >= MostAnswers)
            _answers.Clear();
        _answers[key.ToArray()] = answer;
    }

    private static ReadOnlySpan<byte> WriteKey(in LineageQuestion question)
    {
        var key = (_key ??= new byte[LongestKey]).AsSpan();
        var types = question.ParameterTypes.Span;
        var at = sizeof(ushort) + (types.Length * sizeof(uint));
        if (types.Length > ushort.MaxValue >> 2 || at >= key.Length)
            return [];
        var flags = (question.StandardConformingStrings ? 1 : 0) | (question.DeclaredTypes.IsEmpty ? 0 : 2);
        BinaryPrimitives.WriteUInt16LittleEndian(key, (ushort)((types.Length << 2) | flags));
        for (var index = 0; index < types.Length; index++)
            BinaryPrimitives.WriteUInt32LittleEndian(key[(sizeof(ushort) + (index * sizeof(uint)))..], types[index]);
        if (!question.DeclaredTypes.IsEmpty)
        {
            var declared = StatementTemplate.Write(question.DeclaredTypes.Span, question.StandardConformingStrings, key[at..]);
            if (declared < 0 || at + declared + 1 >= key.Length)
                return [];
            // No token is empty: what follows begins the statement.
            at += declared;
            key[at++] = 0;
        }
        var length = StatementTemplate.Write(question.Sql.Span, question.StandardConformingStrings, key[at..]);
        return length < 0 ? [] : key[..(at + length)];
    }
}
