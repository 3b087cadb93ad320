using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.MySql.Framing;

namespace WireGuardian.MySql.Rewriting;

/// <summary>
/// How the values of one result column are masked. Belongs to one session. Never called for NULL, which stays NULL. Total: whatever bytes come, it throws
/// nothing and leaves nothing of them that the mask does not allow.
/// </summary>
public sealed class ColumnMask
{
    private readonly IValueMask _mask;
    private readonly Streaming _streaming;
    private readonly StreamedDocument? _document;

    private ColumnMask(IValueMask mask, Streaming streaming, StreamedDocument? document = null) =>
        (_mask, _streaming, _document, IsStars) = (mask, streaming, document, mask is StarsMask);

    private enum Streaming
    {
        None,
        Stars,
        Tail,
        Zeros,
        Document,
    }

    /// <param name="kind">The rule's mask.</param>
    /// <param name="column">What the column definition says.</param>
    /// <param name="declared">What the catalog adds to that; null where it is not known.</param>
    /// <param name="binary">The row comes in the binary protocol.</param>
    /// <param name="key">The key of <c>hash</c> and <c>token</c>.</param>
    /// <param name="isDerived">The statement has computed the values: names inside of them may be values too.</param>
    /// <param name="places">The places in documents that are masked alone; null where all of a value is. What can hold no document is masked as a whole.</param>
    public static ColumnMask Create(MaskKind kind, ColumnShape column, DeclaredType? declared, bool binary, MaskKey key, bool isDerived = false, JsonPlaces? places = null)
    {
        var factory = new MaskFactory(column, declared, binary, key, isDerived);
        if (places is not null && factory.FormOf() is { } form)
        {
            return CharacterSets.IsUtf8(column.CharacterSet) && StreamedDocument.CanStream(places)
                ? new(factory.Create(places, form), Streaming.Document, new(places, form))
                : new(factory.Create(places, form), Streaming.None);
        }
        return new(factory.Create(kind), StreamingOf(kind, factory.Shape, CharacterSets.IsUtf8(column.CharacterSet)));
    }

    /// <summary>True when a value can be masked piece by piece with <see cref="ApplyChunk"/>; what e-mail leaves of one so large is what <c>redact</c> leaves.</summary>
    public bool CanStream => _streaming != Streaming.None;

    /// <summary>True when every byte becomes a star whatever it is, which the loop over rows does without asking the mask.</summary>
    public bool IsStars { get; }

    /// <summary>Masks one whole value, which may be overwritten in any case.</summary>
    /// <param name="value">The value without its length.</param>
    /// <param name="output">Where a stand-in of another length goes; only when the result is <see cref="MaskResult.Replaced"/>.</param>
    public MaskResult Apply(Span<byte> value, MaskOutput output) => _mask.Apply(value, output);

    /// <summary>Masks a piece of a value where it stands.</summary>
    public void ApplyChunk(Span<byte> chunk, long offset, long length)
    {
        switch (_streaming)
        {
            case Streaming.Stars:
                TextRedaction.Redact(chunk);
                break;
            case Streaming.Tail:
                TextRedaction.KeepTail(chunk, offset, length);
                break;
            case Streaming.Zeros:
                chunk.Clear();
                break;
            case Streaming.Document:
                _document!.Apply(chunk, offset);
                break;
            default:
                throw new InvalidOperationException("This mask needs the whole value.");
        }
    }

    private static Streaming StreamingOf(MaskKind kind, ValueShape shape, bool utf8) => (kind, shape) switch
    {
        (MaskKind.Hash or MaskKind.Token or MaskKind.Null, _) => Streaming.None,
        (MaskKind.Partial, ValueShape.Text) when utf8 => Streaming.Tail,
        (_, ValueShape.Text) => Streaming.Stars,
        (_, ValueShape.Bytes or ValueShape.Bit) => Streaming.Zeros,
        _ => Streaming.None,
    };
}
