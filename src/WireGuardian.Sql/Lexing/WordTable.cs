using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace WireGuardian.Sql.Lexing;

/// <summary>
/// Finds words in any case without a copy. A word is told by its length and by its first and last eight bytes, case folded away, as two numbers; these are looked up in a table
/// with room enough that most other words meet an empty place at once.
/// </summary>
internal sealed class WordTable
{
    /// <summary>Sets the bit that tells upper from lower case, in eight bytes.</summary>
    private const ulong Fold = 0x2020202020202020;

    /// <summary>Places per word.</summary>
    private const int Room = 4;

    private readonly record struct Place(ulong First, ulong Last, int Length, int Number);

    private readonly byte[][] _words;
    private readonly Place[] _places;
    private readonly int _longest;
    private readonly int _shift;

    /// <param name="words">Words in lower case, of two bytes or more, told by their place in the list; place 0 is for no word.</param>
    public WordTable(IReadOnlyList<string> words)
    {
        _words = [.. words.Select(Encoding.ASCII.GetBytes)];
        _longest = _words.Max(word => word.Length);
        _places = new Place[BitOperations.RoundUpToPowerOf2((uint)(words.Count * Room))];
        _shift = 64 - BitOperations.Log2((uint)_places.Length);
        for (var number = 1; number < _words.Length; number++)
        {
            var (first, last) = Ends(_words[number]);
            var at = Start(first, last);
            while (_places[at].Number != 0)
                at = (at + 1) & (_places.Length - 1);
            _places[at] = new(first, last, _words[number].Length, number);
        }
    }

    /// <summary>The number of the word; 0 for one that is not there.</summary>
    public int Find(ReadOnlySpan<byte> word)
    {
        if (word.Length < 2 || word.Length > _longest)
            return 0;
        var (first, last) = Ends(word);
        var places = _places;
        for (var at = Start(first, last); ; at = (at + 1) & (places.Length - 1))
        {
            ref readonly var place = ref places[at];
            if (place.Number == 0)
                return 0;
            if (place.First == first && place.Last == last && place.Length == word.Length && Ascii.EqualsIgnoreCase(word, _words[place.Number]))
                return place.Number;
        }
    }

    private static (ulong First, ulong Last) Ends(ReadOnlySpan<byte> word)
    {
        if (word.Length >= sizeof(ulong))
            return (BinaryPrimitives.ReadUInt64LittleEndian(word) | Fold, BinaryPrimitives.ReadUInt64LittleEndian(word[^sizeof(ulong)..]) | Fold);
        if (word.Length >= sizeof(uint))
            return (BinaryPrimitives.ReadUInt32LittleEndian(word) | Fold, BinaryPrimitives.ReadUInt32LittleEndian(word[^sizeof(uint)..]) | Fold);
        return (BinaryPrimitives.ReadUInt16LittleEndian(word) | Fold, BinaryPrimitives.ReadUInt16LittleEndian(word[^sizeof(ushort)..]) | Fold);
    }

    /// <summary>Fibonacci hashing; the ends of a short word overlap, so they are turned against each other.</summary>
    private int Start(ulong first, ulong last) => (int)(((first ^ BitOperations.RotateLeft(last, 29)) * 0x9E3779B97F4A7C15) >> _shift);
}
