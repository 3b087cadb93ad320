using System.Buffers.Binary;
using System.Text;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Postgres.Lineage.Trees;

namespace WireGuardian.Postgres.Lineage;

/// <summary>
/// An expression that takes a part out of a document by steps that are constants: the arrows, the paths, the functions of the same meaning, and subscripts of jsonb. By the OIDs
/// of pg_operator.dat and pg_proc.dat, which are the same in PostgreSQL 14 to 18.
/// </summary>
internal static class DocumentAccess
{
    private const uint Jsonb = 3802;
    private const uint Text = 25;
    private const uint Int4 = 23;
    private const uint TextArray = 1009;

    /// <summary>What is taken out of what.</summary>
    /// <param name="Document">The expression that is the document.</param>
    /// <param name="Steps">The way to the part.</param>
    /// <param name="IsText">It comes as text.</param>
    public readonly record struct Taken(TreeItem Document, IReadOnlyList<JsonStep> Steps, bool IsText);

    /// <summary>Null for any other expression, and where a step is no constant.</summary>
    public static Taken? Of(TreeNode node)
    {
        var (isText, isPath) = (false, false);
        switch (node.Label)
        {
            // -> and ->> of json and jsonb with a key or a number; #> and #>>.
            case "OPEXPR":
                switch (node.Oid("opno"))
                {
                    case 3962 or 3964 or 3211 or 3212:
                        break;
                    case 3963 or 3965 or 3477 or 3481:
                        isText = true;
                        break;
                    case 3966 or 3213:
                        isPath = true;
                        break;
                    case 3967 or 3206:
                        (isText, isPath) = (true, true);
                        break;
                    default:
                        return null;
                }
                return Of(node.List("args"), isText, isPath);
            case "FUNCEXPR":
                switch (node.Oid("funcid"))
                {
                    // json_extract_path, jsonb_extract_path
                    case 3951 or 3217:
                        return Of(node.List("args"), isText: false, isPath: true);

                    // json_extract_path_text, jsonb_extract_path_text
                    case 3953 or 3940:
                        return Of(node.List("args"), isText: true, isPath: true);
                    default:
                        return null;
                }
            case "SUBSCRIPTINGREF" when node.Oid("refcontainertype") == Jsonb && !node.Has("refassgnexpr") && node.List("reflowerindexpr").All(item => item == TreeItem.Null):
                return Steps(node.List("refupperindexpr")) is { } steps ? new(node["refexpr"], steps, IsText: false) : null;
            default:
                return null;
        }
    }

    private static Taken? Of(IReadOnlyList<TreeItem> arguments, bool isText, bool isPath)
    {
        if (arguments is not [var document, var step])
            return null;
        JsonStep[]? steps = isPath ? PathOf(step) : StepOf(step, isSure: true) is { } one ? [one] : null;
        return steps is null ? null : new(document, steps, isText);
    }

    /// <summary>The steps of an array, as a constant or as it is made of constants.</summary>
    private static JsonStep[]? PathOf(TreeItem item) => item switch
    {
        TreeNode { Label: "ARRAYEXPR" or "ARRAY" } array when !array.IsTrue("multidims") => Steps(array.List("elements")),
        TreeNode { Label: "CONST" } constant when constant.Oid("consttype") == TextArray && BytesOf(constant) is { } bytes => ElementsOf(bytes)?.Select(JsonStep.OfText).ToArray(),
        _ => null,
    };

    private static JsonStep[]? Steps(IReadOnlyList<TreeItem> items)
    {
        var steps = new JsonStep[items.Count];
        for (var index = 0; index < steps.Length; index++)
        {
            if (StepOf(items[index], isSure: false) is not { } step)
                return null;
            steps[index] = step;
        }
        return steps.Length > 0 ? steps : null;
    }

    /// <param name="item">The expression of the step.</param>
    /// <param name="isSure">A text is a key and a number that of an element; otherwise a document decides which it is.</param>
    private static JsonStep? StepOf(TreeItem item, bool isSure)
    {
        if (item is not TreeNode { Label: "CONST" } constant || constant.IsTrue("constisnull") || BytesOf(constant) is not { } bytes)
            return null;
        switch (constant.Oid("consttype"))
        {
            case Text when TextOf(bytes) is { } text:
                return isSure ? JsonStep.Of(text) : JsonStep.OfText(text);
            case Int4 when NumberOf(bytes) is { } number:
                // What is counted from the end can be any element.
                return number < 0 ? JsonStep.Any : isSure ? JsonStep.At(number) : JsonStep.OfText(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            default:
                return null;
        }
    }

    /// <summary>The bytes of a constant, as the server has them in memory: its length stands before them in the tree, and brackets around them.</summary>
    private static byte[]? BytesOf(TreeNode constant)
    {
        TreeItem[] values = [.. constant.All("constvalue")];
        if (values is not [TreeToken, TreeToken { Text: "[" }, .., TreeToken { Text: "]" }])
            return null;
        var bytes = new byte[values.Length - 3];
        for (var index = 0; index < bytes.Length; index++)
        {
            if (values[index + 2] is not TreeToken token || !int.TryParse(token.Text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var unit))
                return null;
            bytes[index] = (byte)unit;
        }
        return bytes;
    }

    /// <summary>A number in the order of bytes of a server that has the lowest first; null on others.</summary>
    private static int? NumberOf(byte[] bytes)
    {
        if (bytes.Length != sizeof(long))
            return null;
        var number = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return number == (int)number ? (int)number : null;
    }

    /// <summary>A text behind its length in four bytes, which counts them too. Null where it is kept otherwise, or is no UTF-8.</summary>
    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes) != bytes.Length << 2 || !System.Text.Unicode.Utf8.IsValid(bytes[sizeof(int)..]))
            return null;
        return Encoding.UTF8.GetString(bytes[sizeof(int)..]);
    }

    /// <summary>The texts of an array of one dimension without NULLs (src/include/utils/array.h), each at a place that four divides.</summary>
    private static List<string>? ElementsOf(ReadOnlySpan<byte> bytes)
    {
        const int Header = 6 * sizeof(int);
        if (bytes.Length < Header || BinaryPrimitives.ReadInt32LittleEndian(bytes) != bytes.Length << 2)
            return null;
        var (dimensions, offset, element, count) = (Word(bytes, 1), Word(bytes, 2), Word(bytes, 3), Word(bytes, 4));
        if (dimensions != 1 || offset != 0 || element != Text || count is < 1 or > JsonPath.MostSteps)
            return null;
        var elements = new List<string>();
        var at = Header;
        for (; count > 0; count--)
        {
            at = (at + 3) & ~3;
            if (at + sizeof(int) > bytes.Length)
                return null;
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]) >> 2;
            if (length < sizeof(int) || length > bytes.Length - at || TextOf(bytes.Slice(at, length)) is not { } text)
                return null;
            elements.Add(text);
            at += length;
        }
        return elements;
    }

    private static int Word(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadInt32LittleEndian(bytes[(index * sizeof(int))..]);
}
