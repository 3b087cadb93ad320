using System.Numerics;
using System.Text;

namespace WireGuardian.Core.Masking.Documents;

/// <summary>A place in documents and what becomes of the values there.</summary>
/// <param name="Path">Where.</param>
/// <param name="Mask">The mask; null where the values there are left as they are.</param>
public readonly record struct JsonPlace(JsonPath Path, MaskKind? Mask);

/// <summary>
/// The places of one column's documents that masks are for, in order: of a value, and of all that is in it, the first place decides that leads to it or to what it is in.
/// Follows all paths at once: how far each has come is a set of states, one for each step and one for the end. Holds nothing that changes.
/// </summary>
public sealed class JsonPlaces
{
    private readonly JsonPlace[] _places;
    private readonly JsonStep[] _steps;
    private readonly byte[][] _keys;
    private readonly int[] _placeOf;
    private readonly bool[] _isEnd;
    private readonly ulong[] _start;

    public JsonPlaces(IReadOnlyList<JsonPlace> places)
    {
        _places = [.. places];
        var count = _places.Sum(place => place.Path.Steps.Count + 1);
        (_steps, _keys, _placeOf, _isEnd) = (new JsonStep[count], new byte[count][], new int[count], new bool[count]);
        _start = new ulong[(count + 63) / 64];
        StartPlace = _places.Length;
        var state = 0;
        for (var place = 0; place < _places.Length; place++)
        {
            foreach (var step in _places[place].Path.Steps)
            {
                (_steps[state], _keys[state], _placeOf[state]) = (step, Encoding.UTF8.GetBytes(step.Key), place);
                LongestKey = Math.Max(LongestKey, _keys[state].Length);
                state++;
            }
            (_keys[state], _placeOf[state], _isEnd[state]) = ([], place, true);
            state++;
        }
        var first = 0;
        for (var place = 0; place < _places.Length; place++)
        {
            StartPlace = Math.Min(StartPlace, Enter(first, _start));
            first += _places[place].Path.Steps.Count + 1;
        }
    }

    private JsonPlaces(JsonPlaces whole, ulong[] start, int startPlace)
    {
        (_places, _steps, _keys, _placeOf, _isEnd, LongestKey) = (whole._places, whole._steps, whole._keys, whole._placeOf, whole._isEnd, whole.LongestKey);
        (_start, StartPlace) = (start, startPlace);
    }

    /// <summary>How many there are; as a place it stands for none.</summary>
    public int Count => _places.Length;

    /// <summary>Bytes of the longest key that leads anywhere.</summary>
    public int LongestKey { get; }

    /// <summary>Words of a set of states.</summary>
    internal int Words => _start.Length;

    /// <summary>The place that decides on the document as a whole.</summary>
    internal int StartPlace { get; }

    /// <summary>The states before the first step.</summary>
    internal ReadOnlySpan<ulong> Start => _start;

    /// <summary>The places, for people.</summary>
    public IReadOnlyList<JsonPlace> All => _places;

    /// <summary>The mask of a place; null for none, and for one that leaves values as they are.</summary>
    public MaskKind? MaskOf(int place) => place < _places.Length ? _places[place].Mask : null;

    /// <summary>True where a place is the document itself, which no path leads into.</summary>
    internal bool IsDocument(int place) => _places[place].Path.Steps.Count == 0;

    /// <summary>Goes on to the value of a key.</summary>
    /// <param name="states">How far the paths have come.</param>
    /// <param name="place">The place that decides so far.</param>
    /// <param name="key">In UTF-8, without escapes.</param>
    /// <param name="next">Takes how far they come by that.</param>
    /// <returns>The place that decides on the value.</returns>
    internal int Step(ReadOnlySpan<ulong> states, int place, ReadOnlySpan<byte> key, Span<ulong> next)
    {
        next.Clear();
        for (var word = 0; word < states.Length; word++)
        {
            for (var bits = states[word]; bits != 0; bits &= bits - 1)
            {
                var state = (word * 64) + BitOperations.TrailingZeroCount(bits);
                if (_placeOf[state] >= place)
                    return place;
                var kind = _isEnd[state] ? JsonStepKind.Index : _steps[state].Kind;
                if (kind == JsonStepKind.AnyDepth)
                    place = Math.Min(place, Enter(state, next));
                else if (kind == JsonStepKind.Any || (kind == JsonStepKind.Key && key.SequenceEqual(_keys[state])))
                    place = Math.Min(place, Enter(state + 1, next));
            }
        }
        return place;
    }

    /// <summary>The same for an element of an array, counted from 0.</summary>
    internal int Step(ReadOnlySpan<ulong> states, int place, int index, Span<ulong> next)
    {
        next.Clear();
        for (var word = 0; word < states.Length; word++)
        {
            for (var bits = states[word]; bits != 0; bits &= bits - 1)
            {
                var state = (word * 64) + BitOperations.TrailingZeroCount(bits);
                if (_placeOf[state] >= place)
                    return place;
                var kind = _isEnd[state] ? JsonStepKind.Key : _steps[state].Kind;
                if (kind == JsonStepKind.AnyDepth)
                    place = Math.Min(place, Enter(state, next));
                else if (kind == JsonStepKind.Any || (kind == JsonStepKind.Index && _steps[state].Index == index))
                    place = Math.Min(place, Enter(state + 1, next));
            }
        }
        return place;
    }

    /// <summary>
    /// The places as they lie in what a path leads to: null where none of them masks anything of it. Of a path with a step that may lead to several values, what any of
    /// them may be masked by counts.
    /// </summary>
    public JsonPlaces? Within(JsonPath path)
    {
        var states = _start;
        var place = StartPlace;
        foreach (var step in path.Steps)
        {
            var next = new ulong[_start.Length];
            for (var state = 0; state < _placeOf.Length; state++)
            {
                if ((states[state / 64] >> (state % 64) & 1) == 0 || _placeOf[state] >= place || _isEnd[state])
                    continue;
                if (_steps[state].Kind == JsonStepKind.AnyDepth)
                    place = Math.Min(place, Enter(state, next));
                else if (MayLead(_steps[state], step) && (step.IsExact || _places[_placeOf[state]].Mask is not null))
                    place = Math.Min(place, Enter(state + 1, next));
            }
            states = next;
        }
        var within = new JsonPlaces(this, states, place);
        return within.MasksSomething() ? within : null;
    }

    /// <summary>True when the path leads to a place that masks, or into one.</summary>
    public bool IsMasked => MaskOf(StartPlace) is not null;

    /// <summary>For people: the places and their masks.</summary>
    public override string ToString() => string.Join(", ", _places.Select(place =>
        $"{(place.Path.Steps.Count == 0 ? "the rest" : place.Path)} {(place.Mask is { } mask ? $"by {mask.ToString().ToLowerInvariant()}" : "is left as it is")}"));

    private bool MasksSomething()
    {
        if (IsMasked)
            return true;
        for (var state = 0; state < _placeOf.Length && _placeOf[state] < StartPlace; state++)
        {
            if ((_start[state / 64] >> (state % 64) & 1) != 0 && _places[_placeOf[state]].Mask is not null)
                return true;
        }
        return false;
    }

    private static bool MayLead(JsonStep rule, JsonStep taken) => (rule.Kind, taken.Kind) switch
    {
        (JsonStepKind.Any, _) or (_, JsonStepKind.Any or JsonStepKind.AnyDepth) => true,
        (JsonStepKind.Key, JsonStepKind.Key or JsonStepKind.KeyOrIndex) => rule.Key == taken.Key,
        (JsonStepKind.Index, JsonStepKind.Index) => rule.Index == taken.Index,
        // Servers read numbers with signs, blanks and zeros before them, and count from the end.
        (JsonStepKind.Index, JsonStepKind.KeyOrIndex) => !taken.Key.All(char.IsAsciiDigit) || taken.Key.TrimStart('0') == rule.Index.ToString(System.Globalization.CultureInfo.InvariantCulture).TrimStart('0'),
        _ => false,
    };

    /// <summary>Adds a state, and what comes with it; gives the place that it is the end of.</summary>
    private int Enter(int state, Span<ulong> into)
    {
        into[state / 64] |= 1UL << (state % 64);
        if (_isEnd[state])
            return _placeOf[state];
        // Any number of steps is none as well.
        return _steps[state].Kind == JsonStepKind.AnyDepth ? Enter(state + 1, into) : _places.Length;
    }
}
