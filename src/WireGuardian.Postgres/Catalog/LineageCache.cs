using System.Buffers.Binary;
using System.Collections.Concurrent;
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

    [ThreadStatic]
    private static byte[]? _key;

    private readonly ConcurrentDictionary<byte[], LineageAnswer> _answers = new(ByteNameComparer.Instance);

    public ICatalogSnapshot Snapshot => snapshot;

    public int Count => _answers.Count;

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
        if (types.Length > ushort.MaxValue >> 1 || at >= key.Length)
            return [];
        BinaryPrimitives.WriteUInt16LittleEndian(key, (ushort)((types.Length << 1) | (question.StandardConformingStrings ? 1 : 0)));
        for (var index = 0; index < types.Length; index++)
            BinaryPrimitives.WriteUInt32LittleEndian(key[(sizeof(ushort) + (index * sizeof(uint)))..], types[index]);
        var length = StatementTemplate.Write(question.Sql.Span, question.StandardConformingStrings, key[at..]);
        return length < 0 ? [] : key[..(at + length)];
    }
}
