using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Framing;

namespace WireGuardian.MySql.Rewriting;

/// <summary>How the values of one result column that no masking rule names are looked into. Belongs to one session.</summary>
public sealed class ColumnDetection
{
    private readonly DetectionMask _mask;
    private readonly DetectionScratch _scratch;
    private readonly MaskOutput _narrow;
    private readonly TextForm _form;
    private readonly bool _isNumber;

    private ColumnDetection(DetectionRule rule, ReadOnlySpan<byte> name, TextStructure structure, TextForm form, bool isNumber, ColumnMask whole, DetectionScratch scratch, MaskOutput narrow)
    {
        (Rule, Structure, Whole, _form, _isNumber, _scratch, _narrow) = (rule, structure, whole, form, isNumber, scratch, narrow);
        _mask = new(rule, structure, name);
    }

    /// <summary>The rule that covers the column.</summary>
    public DetectionRule Rule { get; }

    public TextStructure Structure { get; }

    /// <summary>Masks a value as a whole, once something was found in it.</summary>
    public ColumnMask Whole { get; }

    /// <summary>True when a value can be looked into as it arrives, whatever its size.</summary>
    public bool CanStream => _form == TextForm.AsciiBytes;

    /// <summary>Null where the type has no room for what the detectors look for.</summary>
    /// <param name="rule">The rule that covers the column.</param>
    /// <param name="column">What the column definition says of bytes and type, which is true in any case.</param>
    /// <param name="declared">What the catalog adds to that; null where it is not known.</param>
    /// <param name="binary">The row comes in the binary protocol.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="key">The masking key.</param>
    /// <param name="session">The session's.</param>
    /// <param name="narrow">The session's, for text that has to be written anew to be read.</param>
    public static ColumnDetection? Create(
        DetectionRule rule, ColumnShape column, DeclaredType? declared, bool binary, ReadOnlySpan<byte> name, MaskKey key, SessionDetection session, MaskOutput narrow)
    {
        var shape = ValueShapes.Of(column, declared);
        // What a name tells of its column's type can be wrong, so it makes nothing pass.
        if (ValueShapes.Of(column, null) is not (ValueShape.Text or ValueShape.Bytes or ValueShape.Enum or ValueShape.Set or ValueShape.Json or ValueShape.Decimal or ValueShape.Other)
            || column.Type == ColumnType.Vector)
        {
            return null;
        }
        // JSON that comes as it is stored is UTF-8 under the number of bytes.
        if (column is { Type: ColumnType.Json, CharacterSet: CharacterSets.Binary })
            column = column with { CharacterSet = CharacterSets.Utf8 };
        var form = shape is ValueShape.Decimal ? TextForm.AsciiBytes : TextForms.Of(column.CharacterSet);
        // Stars would break what is no text, and halves of characters.
        if (!rule.Observe && (form != TextForm.AsciiBytes || shape is ValueShape.Decimal or ValueShape.Inet4 or ValueShape.Inet6 or ValueShape.Other))
            rule = rule with { Mask = DetectionMaskKind.Value };
        var structure = column.Type == ColumnType.Json ? TextStructure.Json : TextStructure.Plain;
        var whole = ColumnMask.Create(MaskKind.Redact, column, declared, binary, key, isDerived: true);
        return new(rule, name, structure, form, shape == ValueShape.Decimal, whole, session.ScratchOf(rule), narrow);
    }

    /// <summary>Looks at one value, and masks it where it stands unless the rule says otherwise.</summary>
    public DetectionOutcome Apply(Span<byte> value)
    {
        switch (_form)
        {
            case TextForm.AsciiBytes or TextForm.SeveralBytes:
                return _mask.Apply(value, _scratch);
            case TextForm.Unknown when !value.Contains((byte)0):
                return _mask.Apply(value, _scratch);
            case TextForm.Unknown:
                WideText.WithoutZeros(value, _narrow);
                break;
            default:
                WideText.Narrow(value, _form, _narrow);
                break;
        }
        var outcome = _mask.Apply(_narrow.Written, _scratch);
        _narrow.Clear();
        return outcome;
    }

    /// <summary>
    /// Windows for values that come in pieces. What goes out early cannot be taken back: where a rule wants whole values masked, a text becomes stars from the first finding
    /// on, and a document, which has to stay valid, is masked where something was found.
    /// </summary>
    public WindowedDetection CreateWindows() =>
        new(Structure == TextStructure.Plain ? Rule : Rule with { Mask = DetectionMaskKind.Span }, Structure);

    /// <summary>Looks at the next piece of a value.</summary>
    public void ApplyPiece(WindowedDetection windows, ReadOnlySpan<byte> piece, bool isLast, MaskOutput output)
    {
        var before = output.Length;
        windows.Add(piece, isLast, output, _scratch);
        if (_isNumber)
            output.Written[before..].Replace((byte)'*', (byte)'0');
    }
}
