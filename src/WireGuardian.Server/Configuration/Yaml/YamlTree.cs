using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WireGuardian.Server.Configuration.Yaml;

/// <summary>
/// Reads one YAML document into nodes that know their position. The parser's own tree is not used: it stops at the first duplicate key,
/// and it expands aliases, which a configuration does not need and which can blow a small file up.
/// </summary>
public static class YamlTree
{
    private const int MaxDepth = 16;

    /// <summary>Reads <paramref name="text"/>; null for a document without content.</summary>
    /// <exception cref="YamlSyntaxException">The text cannot be read.</exception>
    public static YamlNode? Parse(string text)
    {
        var parser = new Parser(new StringReader(text));
        var last = new YamlPosition(1, 1);
        try
        {
            return Document(parser, ref last);
        }
        catch (YamlException exception)
        {
            throw new YamlSyntaxException(SyntaxPosition(text, exception), $"not valid YAML: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            // The scanner throws this, without a position, for a flow sequence that is not closed.
            throw new YamlSyntaxException(last, "not valid YAML: something that begins here or after this is not closed");
        }
    }

    private static YamlNode? Document(Parser parser, ref YamlPosition last)
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
            return null;
        parser.Consume<DocumentStart>();
        var root = Node(parser, 0, ref last);
        parser.Consume<DocumentEnd>();
        return parser.TryConsume<DocumentStart>(out var second)
            ? throw new YamlSyntaxException(At(second), "a second document; the configuration is one YAML document")
            : root is YamlScalar { IsNull: true } ? null : root;
    }

    private static YamlNode Node(Parser parser, int depth, ref YamlPosition last)
    {
        var start = parser.Consume<ParsingEvent>();
        var position = last = At(start);
        if (depth > MaxDepth)
            throw new YamlSyntaxException(position, $"nested more than {MaxDepth} levels deep");
        if (start is AnchorAlias || start is NodeEvent { Anchor.IsEmpty: false })
            throw new YamlSyntaxException(position, "anchors and aliases (& and *) are not supported; put text that begins with one of them in quotes");
        if (start is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            throw new YamlSyntaxException(position, "tags (!) are not supported; put text that begins with ! in quotes");

        return start switch
        {
            Scalar scalar => new YamlScalar(scalar.Value, scalar.Style != ScalarStyle.Plain, position),
            SequenceStart => new YamlSequence(Items(parser, depth, ref last), position),
            _ => new YamlMapping(Entries(parser, depth, ref last), position),
        };
    }

    private static List<YamlNode> Items(Parser parser, int depth, ref YamlPosition last)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(parser, depth + 1, ref last));
        return items;
    }

    private static List<YamlEntry> Entries(Parser parser, int depth, ref YamlPosition last)
    {
        var entries = new List<YamlEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(parser, depth + 1, ref last) is not YamlScalar key)
                throw new YamlSyntaxException(last, "a key must be text");
            entries.Add(new YamlEntry(key, Node(parser, depth + 1, ref last)));
        }
        return entries;
    }

    private static YamlPosition At(ParsingEvent node) => new((int)node.Start.Line, (int)node.Start.Column);

    /// <summary>For a tab in the indentation the parser names the mapping around it; the tab itself is what has to be found.</summary>
    private static YamlPosition SyntaxPosition(string text, YamlException exception)
    {
        if (exception.Message.Contains("tab as indentation", StringComparison.Ordinal))
        {
            var line = 1;
            foreach (var content in text.AsSpan().EnumerateLines())
            {
                var tab = content.IndexOf('\t');
                if (line >= exception.Start.Line && tab >= 0 && content[..tab].IsWhiteSpace())
                    return new YamlPosition(line, tab + 1);
                line++;
            }
        }
        return new YamlPosition((int)exception.Start.Line, (int)exception.Start.Column);
    }
}
