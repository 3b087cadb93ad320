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

    /// <summary>Stands under a template whose statements have answers of their own, by their constants.</summary>
    private static readonly LineageAnswer ByText = LineageAnswer.Unknown("its constants decide");

    private volatile IReadOnlyDictionary<uint, FunctionBody?> _bodies = new Dictionary<uint, FunctionBody?>();

    private readonly ConcurrentDictionary<byte[], LineageAnswer> _answers = new(ByteNameComparer.Instance);

    public ICatalogSnapshot Snapshot => snapshot;

    public int Count => _answers.Count;

    /// <summary>The bodies of functions that were followed under this picture.</summary>
    public IReadOnlyDictionary<uint, FunctionBody?> Bodies => _bodies;

    public void Keep(IReadOnlyDictionary<uint, FunctionBody?> bodies) => _bodies = bodies.Count <= MostBodies ? bodies : new Dictionary<uint, FunctionBody?>();

    public LineageAnswer? Find(in LineageQuestion question)
    {
        var answers = _answers.GetAlternateLookup<ReadOnlySpan<byte>>();
        // Most are found again by a key that is quick to write; who is found by the other is found by this one the next time.
        if (WriteKey(question, KeyForm.Plain) is not { IsEmpty: false } plain || !answers.TryGetValue(plain, out var answer))
        {
            if (WriteKey(question, KeyForm.Template) is not { IsEmpty: false } key || !answers.TryGetValue(key, out answer))
                return null;
            Keep(WriteKey(question, KeyForm.Plain), answer);
        }
        if (!ReferenceEquals(answer, ByText))
            return answer;
        return WriteKey(question, KeyForm.Text) is { IsEmpty: false } text && answers.TryGetValue(text, out answer) ? answer : null;
    }

    public void Keep(in LineageQuestion question, LineageAnswer answer)
    {
        if (answer.Lineage is { MindsConstants: true })
        {
            Keep(WriteKey(question, KeyForm.Template), ByText);
            Keep(WriteKey(question, KeyForm.Text), answer);
        }
        else
        {
            Keep(WriteKey(question, KeyForm.Template), answer);
        }
    }

    private void Keep(ReadOnlySpan<byte> key, LineageAnswer answer)
    {
        if (key.IsEmpty)
            return;
        if (_answers.Count >= MostAnswers)
            _answers.Clear();
        _answers[key.ToArray()] = answer;
    }

    /// <summary>Empty where there is none: too long, or not plain.</summary>
    private static ReadOnlySpan<byte> WriteKey(in LineageQuestion question, KeyForm form)
    {
        var key = (_key ??= new byte[LongestKey]).AsSpan();
        var types = question.ParameterTypes.Span;
        var at = sizeof(ushort) + (types.Length * sizeof(uint));
        if (types.Length > ushort.MaxValue >> 4 || at >= key.Length)
            return [];
        var flags = (question.StandardConformingStrings ? 1 : 0) | (question.DeclaredTypes.IsEmpty ? 0 : 2) | ((int)form << 2);
        BinaryPrimitives.WriteUInt16LittleEndian(key, (ushort)((types.Length << 4) | flags));
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
        var length = form switch
        {
            KeyForm.Plain => PlainTemplate.Write(question.Sql.Span, key[at..]),
            KeyForm.Template => StatementTemplate.Write(question.Sql.Span, question.StandardConformingStrings, key[at..]),
            _ => question.Sql.Span.TryCopyTo(key[at..]) ? question.Sql.Length : -1,
        };
        return length < 0 ? [] : key[..(at + length)];
    }

    private enum KeyForm
    {
        Template,
        Plain,
        Text,
    }
}
