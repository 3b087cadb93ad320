using System.Runtime.CompilerServices;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Up to eight groups of digits with a separator or two between one and the next, as numbers of cards and telephones are written.</summary>
internal ref struct DigitGroups
{
    public const int MostGroups = 8;

    /// <summary>Digits of each group.</summary>
    public Buffer Lengths;

    /// <summary>What stands behind each group but the last; of two bytes the first that is no blank.</summary>
    public Buffer Separators;

    private OffsetBuffer _offsets;

    /// <summary>Groups that there are.</summary>
    public int Count { get; private set; }

    /// <summary>The first digit.</summary>
    public int Start { get; private set; }

    /// <summary>All digits of all groups.</summary>
    public int TotalDigits { get; private set; }

    /// <summary><c>(</c> or <c>+</c> right before the first group, else 0.</summary>
    public byte Opening { get; private set; }

    /// <summary>The byte behind a group.</summary>
    public readonly int EndOf(int count) => _offsets[count - 1] + Lengths[count - 1];

    /// <summary>Where a group begins.</summary>
    public readonly int OffsetOf(int group) => _offsets[group];

    /// <summary>Reads groups from <paramref name="start"/> on, where a digit is.</summary>
    public static DigitGroups Read(ReadOnlySpan<byte> text, int start)
    {
        var groups = default(DigitGroups);
        groups.Start = start;
        var before = Characters.At(text, start - 1);
        groups.Opening = before is (byte)'(' or (byte)'+' ? before : (byte)0;
        var at = start;
        while (true)
        {
            var length = Characters.DigitsLength(text, at);
            if (length == 0 || length > byte.MaxValue)
                break;
            groups._offsets[groups.Count] = at;
            groups.Lengths[groups.Count++] = (byte)length;
            groups.TotalDigits += length;
            at += length;
            if (groups.Count == MostGroups || !TrySkipSeparator(text, ref at, out var separator))
                break;
            groups.Separators[groups.Count - 1] = separator;
        }
        return groups;
    }

    /// <summary>The digits of the first groups as numbers; their count, or 0 when they do not fit.</summary>
    public readonly int CopyDigits(ReadOnlySpan<byte> text, int count, Span<byte> digits)
    {
        var written = 0;
        for (var i = 0; i < count; i++)
        {
            if (written + Lengths[i] > digits.Length)
                return 0;
            foreach (var unit in text.Slice(_offsets[i], Lengths[i]))
                digits[written++] = (byte)(unit - '0');
        }
        return written;
    }

    /// <summary>False when the number goes on behind <paramref name="count"/> groups: as a word, a fraction, a time, another group after a dash.</summary>
    public readonly bool EndsValueAt(ReadOnlySpan<byte> text, int count)
    {
        var end = EndOf(count);
        var next = Characters.At(text, end);
        if (Characters.IsLetterOrDigit(next) || next is (byte)'_' or (byte)'%' or (byte)'@')
            return false;
        return next is not ((byte)'-' or (byte)'.' or (byte)'/' or (byte)':') || !Characters.IsDigit(Characters.At(text, end + 1));
    }

    private static bool TrySkipSeparator(ReadOnlySpan<byte> text, ref int at, out byte separator)
    {
        separator = Characters.At(text, at);
        var next = Characters.At(text, at + 1);
        switch (separator)
        {
            case (byte)' ' when next is (byte)'-' or (byte)'/' or (byte)'(' && Characters.At(text, at + 2) is (byte)' ' || next == '(':
                separator = next;
                at += Characters.At(text, at + 2) == ' ' ? 3 : 2;
                break;
            case (byte)')' when next is (byte)' ' or (byte)'-' or (byte)'.':
                at += 2;
                break;
            case (byte)' ' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)')':
                at++;
                break;
            // A no-break space: C2 A0.
            case 0xC2 when next == 0xA0:
                separator = (byte)' ';
                at += 2;
                break;
            default:
                return false;
        }
        return Characters.IsDigit(Characters.At(text, at));
    }

    /// <summary>A byte per group.</summary>
    [InlineArray(MostGroups)]
    public struct Buffer
    {
        private byte _first;
    }

    [InlineArray(MostGroups)]
    private struct OffsetBuffer
    {
        private int _first;
    }
}
