using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Messages;

namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>
/// Names that may be shown: those of the client's own statement, and those that the server itself gives in fields of their own. Spelled as bytes of UTF-8,
/// each as one character, as messages are.
/// </summary>
internal sealed class HarmlessNames
{
    private static readonly byte[] ServerFields =
        [ErrorField.Schema, ErrorField.Table, ErrorField.Column, ErrorField.DataType, ErrorField.Constraint];

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    private HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup => _names.GetAlternateLookup<ReadOnlySpan<char>>();

    public static HarmlessNames Of(MessageFields fields, IReadOnlySet<Identifier> identifiers, MessageOrigin origin)
    {
        var names = new HarmlessNames();
        foreach (var identifier in identifiers)
        {
            names.Add(Spell(identifier.Name));
            if (identifier.Qualifier is { } qualifier)
                names.Add(Spell(qualifier));
        }
        foreach (var code in ServerFields)
        {
            // RAISE fills these as well, USING COLUMN = … and so on.
            if (origin != MessageOrigin.Raised)
                names.Add(fields.Find(code));
        }
        return names;
    }

    /// <summary>True for a harmless name, or several with dots between.</summary>
    public bool Contains(ReadOnlySpan<char> text)
    {
        if (Lookup.Contains(text))
            return true;
        foreach (var part in text.Split('.'))
        {
            if (!Lookup.Contains(text[part]))
                return false;
        }
        return true;
    }

    private static string Spell(string name) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(name));

    // A number in quotes is a name too, but not one to look for in messages.
    private void Add(string name)
    {
        if (name.Length > 0 && !char.IsAsciiDigit(name[0]))
            _names.Add(name);
    }
}
