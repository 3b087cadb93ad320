using System.Buffers.Binary;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Rewriting.Masks;

namespace WireGuardian.Postgres.Rewriting;

/// <summary>How the values of one result column that no masking rule names are looked into. Belongs to one session.</summary>
public sealed class ColumnDetection
{
    private const uint Xml = 142;

    private readonly DetectionMask _mask;
    private readonly DetectionScratch _scratch;
    private readonly int _skipped;
    private readonly bool _isBinaryArray;

    private ColumnDetection(DetectionRule rule, TextStructure structure, ReadOnlySpan<byte> name, int skipped, ValueMask whole, DetectionScratch scratch, bool isBinaryArray)
    {
        _isBinaryArray = isBinaryArray;
        (Rule, Structure, Whole, _skipped, _scratch) = (rule, structure, whole, skipped, scratch);
        _mask = new(rule, structure, name);
    }

    /// <summary>The rule that covers the column.</summary>
    public DetectionRule Rule { get; }

    public TextStructure Structure { get; }

    /// <summary>Masks a value as a whole, once something was found in it.</summary>
    public ValueMask Whole { get; }

    /// <summary>True when a value can be looked into as it arrives, whatever its size.</summary>
    public bool CanStream { get; private init; }

    /// <summary>Null where the type has no room for what the detectors look for.</summary>
    /// <param name="rule">The rule that covers the column.</param>
    /// <param name="type">The column's type.</param>
    /// <param name="typeModifier">RowDescription's type modifier, -1 for none.</param>
    /// <param name="binary">The format in which the values come.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="key">The masking key.</param>
    /// <param name="utf8">client_encoding is UTF8.</param>
    /// <param name="session">The session's.</param>
    public static ColumnDetection? Create(
        DetectionRule rule, PostgresType type, int typeModifier, bool binary, ReadOnlySpan<byte> name, MaskKey key, bool utf8, SessionDetection session)
    {
        if (FormOf(type, binary) is not var (structure, skipped, takesStars))
            return null;
        // Stars would break what is no text, and in other encodings the half of a character.
        var takesSpans = takesStars && utf8;
        if (!takesSpans && !rule.Observe)
            rule = rule with { Mask = DetectionMaskKind.Value };
        // Between the elements of an array in binary stand their lengths, which windows would take for text.
        var isBinaryArray = binary && takesSpans && type is { Shape: PostgresTypeShape.Array, Element: not null };
        var whole = ValueMask.Create(MaskKind.Redact, type, typeModifier, binary, key, utf8, isDerived: true);
        return new(rule, structure, name, skipped, whole, session.ScratchOf(rule), isBinaryArray) { CanStream = rule.Observe || (takesSpans && !isBinaryArray) };
    }

    /// <summary>Looks at one value, and masks it where it stands unless the rule says otherwise.</summary>
    public DetectionOutcome Apply(Span<byte> value) =>
        _isBinaryArray ? ApplyToElements(value) : value.Length <= _skipped ? DetectionOutcome.Unchanged : _mask.Apply(value[_skipped..], _scratch);

    /// <summary>Each element stands behind its length, which stays. What cannot be read as an array is looked into as a whole, and masked so.</summary>
    private DetectionOutcome ApplyToElements(Span<byte> value)
    {
        if (!ArrayBinaryMask.TryReadHeader(value, out var at, out var count))
            return _mask.Apply(value, _scratch) == DetectionOutcome.Unchanged ? DetectionOutcome.Unchanged : DetectionOutcome.MaskWhole;
        var outcome = DetectionOutcome.Unchanged;
        for (; count > 0 && value.Length - at >= sizeof(int); count--)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(value[at..]);
            at += sizeof(int);
            if (length > value.Length - at)
                return Rule.Observe ? DetectionOutcome.Unchanged : DetectionOutcome.MaskWhole;
            if (length > _skipped && _mask.Apply(value.Slice(at + _skipped, length - _skipped), _scratch) is not DetectionOutcome.Unchanged and var found)
                outcome = found;
            at += Math.Max(0, length);
        }
        return outcome;
    }

    /// <summary>
    /// Windows for values that come in pieces. What goes out early cannot be taken back: where a rule wants whole values masked, a text becomes stars from the first finding
    /// on, and a document, which has to stay valid, is masked where something was found.
    /// </summary>
    public WindowedDetection CreateWindows() =>
        new(Structure == TextStructure.Plain ? Rule : Rule with { Mask = DetectionMaskKind.Span }, Structure);

    /// <summary>Looks at the next piece of a value.</summary>
    public void ApplyPiece(WindowedDetection windows, ReadOnlySpan<byte> piece, bool isLast, MaskOutput output) => windows.Add(piece, isLast, output, _scratch);

    /// <summary>What the values look like, the bytes before their text, and whether stars can stand in them.</summary>
    private static (TextStructure Structure, int Skipped, bool TakesStars)? FormOf(PostgresType type, bool binary) => type.Shape switch
    {
        PostgresTypeShape.Text => (TextStructure.Plain, 0, true),
        PostgresTypeShape.Json => (TextStructure.Json, 0, true),
        // Before the text of jsonb stands its version.
        PostgresTypeShape.Jsonb => (TextStructure.Json, binary ? 1 : 0, true),
        PostgresTypeShape.Hstore => binary ? (TextStructure.Plain, 0, false) : (TextStructure.Hstore, 0, true),
        PostgresTypeShape.Array => FormOfArray(type.Element, binary),
        PostgresTypeShape.Numeric or PostgresTypeShape.Inet or PostgresTypeShape.Cidr or PostgresTypeShape.MacAddr when !binary => (TextStructure.Plain, 0, false),
        PostgresTypeShape.Other => (type.Oid == Xml ? TextStructure.Xml : TextStructure.Plain, 0, type.Oid == Xml),
        _ => null,
    };

    private static (TextStructure Structure, int Skipped, bool TakesStars)? FormOfArray(PostgresType? element, bool binary)
    {
        if (element is null)
            return (TextStructure.Plain, 0, false);
        if (!binary)
            return FormOf(element, binary) is var (_, _, takesStars) ? (TextStructure.Array, 0, takesStars) : null;
        return FormOf(element, binary) ?? (FormOf(element, binary: false) is null ? null : (TextStructure.Plain, 0, false));
    }
}
