using System.Globalization;
using System.Text;

namespace WireGuardian.Core.Masking.Documents;

/// <summary>Reads the text of a path.</summary>
internal sealed class JsonPathReader(string text, int start)
{
    private int _at = start;
    private bool _givesText;

    /// <summary>What is wrong; empty as long as nothing is.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The steps up to the end of the text; null where there is a problem.</summary>
    public List<JsonStep>? Read()
    {
        var steps = new List<JsonStep>();
        var isFirst = true;
        while (_at < text.Length)
        {
            if (!(isFirst && Sees("**")) && !TakeArrow())
                return Fail("an arrow (-> or ->>) is expected");
            if (!TakeStep(steps))
                return null;
            if (_givesText && _at < text.Length)
                return Fail("->> gives text, so nothing can follow its step");
            if (steps.Count > JsonPath.MostSteps)
                return Fail($"a path has {JsonPath.MostSteps} steps at most");
            isFirst = false;
        }
        return steps.Count > 0 ? steps : Fail("a path is expected");
    }

    private bool Sees(string expected) => text.AsSpan(_at).StartsWith(expected);

    private bool TakeArrow()
    {
        if (!Sees("->"))
            return false;
        _givesText = Sees("->>");
        _at += _givesText ? 3 : 2;
        return true;
    }

    private bool TakeStep(List<JsonStep> steps)
    {
        if (Sees("**"))
        {
            _at += 2;
            if (!Sees("."))
                return Failed("behind ** comes a dot and a key, such as **.email");
            _at++;
            if (!TakeKey(mayBePlain: true, out var deep))
                return false;
            steps.Add(JsonStep.AnyDepth);
            steps.Add(JsonStep.Of(deep));
            return true;
        }
        if (Sees("*"))
        {
            _at++;
            steps.Add(JsonStep.Any);
            return true;
        }
        if (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            var end = _at;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            if (!int.TryParse(text.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return Failed("the number of an element is too large");
            _at = end;
            steps.Add(JsonStep.At(index));
            return true;
        }
        if (Sees("-"))
            return Failed("elements are counted from the beginning of an array, so their numbers are not negative");
        if (!TakeKey(mayBePlain: false, out var key))
            return false;
        steps.Add(JsonStep.Of(key));
        return true;
    }

    private bool TakeKey(bool mayBePlain, out string key)
    {
        key = "";
        if (_at < text.Length && text[_at] is '\'' or '"')
            return TakeQuoted(text[_at], out key);
        var end = _at;
        while (end < text.Length && JsonPath.IsPlainKey(text.AsSpan(end, 1)))
            end++;
        if (!mayBePlain || end == _at)
            return Failed(mayBePlain ? "a key is expected" : "a key in single quotes, the number of an element, * or **. with a key is expected");
        key = text[_at..end];
        _at = end;
        return true;
    }

    /// <summary>Two quotes stand for one.</summary>
    private bool TakeQuoted(char quote, out string key)
    {
        var characters = new StringBuilder();
        key = "";
        for (var at = _at + 1; at < text.Length; at++)
        {
            if (text[at] != quote)
            {
                characters.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                characters.Append(quote);
                at++;
            }
            else
            {
                _at = at + 1;
                key = characters.ToString();
                return true;
            }
        }
        return Failed("the quotes of a key are not closed");
    }

    private bool Failed(string problem)
    {
        Problem = string.Create(CultureInfo.InvariantCulture, $"in the path of \"{text}\", {problem} (at character {_at + 1})");
        return false;
    }

    private List<JsonStep>? Fail(string problem)
    {
        Failed(problem);
        return null;
    }
}
