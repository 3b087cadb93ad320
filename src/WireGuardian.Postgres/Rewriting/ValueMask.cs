using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Rewriting;

/// <summary>
/// How the values of one result column are masked. Made once per column, format and session. Never called for NULL, which stays NULL. Total: whatever bytes come, it throws nothing and leaves nothing of them that the mask does not allow.
/// </summary>
public sealed class ValueMask
{
    private readonly IValueMask _mask;
    private readonly StreamedMask _streamed;

    private ValueMask(IValueMask mask, StreamedMask streamed)
    {
        _mask = mask;
        _streamed = streamed;
        IsStars = mask is StarsMask;
    }

    /// <param name="kind">The rule's mask.</param>
    /// <param name="type">The column's type.</param>
    /// <param name="typeModifier">RowDescription's type modifier, -1 for none.</param>
    /// <param name="binary">The format in which the values come.</param>
    /// <param name="key">The key of <c>hash</c> and <c>token</c>.</param>
    /// <param name="utf8">False when client_encoding is not UTF8: then only values in ASCII are looked into, others are redacted or become NULL.</param>
    /// <param name="isDerived">The statement has computed the values: names inside of them may be values too.</param>
    /// <param name="places">The places in documents that are masked alone; null where all of a value is. What can hold no document is masked as a whole.</param>
    /// <param name="isExtracted">The values are parts of documents: what is no document then is a scalar of one.</param>
    public static ValueMask Create(
        MaskKind kind, PostgresType type, int typeModifier, bool binary, MaskKey key, bool utf8 = true, bool isDerived = false, JsonPlaces? places = null,
        bool isExtracted = false)
    {
        var factory = new MaskFactory(type, typeModifier, binary, key, utf8, isDerived);
        if (places is null)
            return new(factory.Create(kind), StreamedMask.For(kind, type.Shape, binary, utf8));
        return new(factory.Create(places, isExtracted), factory.FormOf(isExtracted) is { } form ? StreamedMask.For(places, form, utf8) : StreamedMask.For(MaskKind.Redact, type.Shape, binary, utf8)) { HasPlaces = true };
    }

    /// <summary>True where documents are masked in places alone.</summary>
    public bool HasPlaces { get; private init; }

    /// <summary>
    /// True when a value can be masked piece by piece with <see cref="ApplyChunk"/>. Meant for values larger than any buffer: where the mask would have to
    /// see the whole (e-mail addresses), what it leaves of such a value is that of <c>redact</c>. If false, send NULL for them.
    /// </summary>
    public bool CanStream => _streamed != StreamedMask.None;

    /// <summary>True when the mask is nothing but a star for every byte, which callers with many values write themselves.</summary>
    public bool IsStars { get; }

    /// <summary>Masks one whole value, which may be overwritten in any case.</summary>
    /// <param name="value">The value without its length.</param>
    /// <param name="output">Where a stand-in of another length goes; only appended to, and only when the result is <see cref="MaskResult.Replaced"/>.</param>
    public MaskResult Apply(Span<byte> value, MaskOutput output) => _mask.Apply(value, output);

    /// <summary>
    /// Masks a piece of a value where it stands. The last <see cref="StreamedMask.TailLength"/> bytes of a value must come in one piece.
    /// </summary>
    /// <param name="chunk">The piece.</param>
    /// <param name="offset">Where in the value it begins.</param>
    /// <param name="length">Bytes of the whole value.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanStream"/> is false.</exception>
    public void ApplyChunk(Span<byte> chunk, long offset, long length) => _streamed.Apply(chunk, offset, length);
}
