using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// The options of COPY … TO STDOUT, in both spellings: <c>WITH (FORMAT csv, …)</c> and the older <c>WITH CSV HEADER …</c>. What the server refuses may be read in
/// any way.
/// </summary>
internal sealed class CopyOptions
{
    private static readonly byte[] DefaultNull = @"\N"u8.ToArray();

    private CopyFormat _format;
    private byte[]? _delimiter;
    private byte[]? _null;
    private byte[]? _quote;
    private byte[]? _escape;
    private byte[]? _encoding;
    private bool _hasHeader;
    private bool _forcesAllQuotes;
    private readonly List<string> _forcedQuotes = [];

    /// <summary>Reads what stands behind STDOUT; null where something is not understood.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="at">The place behind STDOUT.</param>
    /// <param name="binary">BINARY stands before the table.</param>
    public static CopyOptions? Read(StatementTokens statement, int at, bool binary)
    {
        var options = new CopyOptions { _format = binary ? CopyFormat.Binary : CopyFormat.Text };
        if (statement.Is(at, Word.Using))
            at++;
        if (statement.Is(at, Word.Delimiters))
        {
            options._delimiter = statement.Literal(at + 1);
            if (options._delimiter is null)
                return null;
            at += 2;
        }
        if (statement.Is(at, Word.With))
            at++;
        var understood = statement.IsOpen(at)
            ? statement.Next(at) == statement.End && options.TryReadList(statement.Part(at + 1, statement.End - 1))
            : options.TryReadWords(statement, at);
        return understood ? options : null;
    }

    /// <summary>Fills in what the server takes where nothing is said. Null where the data could not be told apart by it.</summary>
    public CopyOut? ToCopyOut(PostgresTextEncoding clientEncoding, byte[] describing, bool isQuery, bool isCertain)
    {
        var isCsv = _format == CopyFormat.Csv;
        var delimiter = Ascii(_delimiter, isCsv ? (byte)',' : (byte)'\t');
        var quote = Ascii(_quote, (byte)'"');
        var escape = Ascii(_escape, quote ?? 0);
        var marker = _null ?? (isCsv ? [] : DefaultNull);
        var encoding = _encoding is null ? clientEncoding : PostgresSqlSettings.FromName(Encoding.ASCII.GetString(_encoding));
        if (delimiter is null || quote is null || escape is null || encoding == PostgresTextEncoding.Unsafe || !System.Text.Ascii.IsValid(marker)
            || (_format == CopyFormat.Text && !IsUnmistakable(marker, delimiter.Value)))
        {
            return null;
        }
        return new CopyOut
        {
            Format = _format,
            Delimiter = delimiter.Value,
            Null = marker,
            HasHeader = _hasHeader,
            Quote = quote.Value,
            Escape = escape.Value,
            ForcesAllQuotes = _forcesAllQuotes,
            ForcedQuotes = _forcedQuotes,
            IsUtf8 = _encoding is null ? null : encoding == PostgresTextEncoding.Utf8,
            Describing = describing,
            IsQuery = isQuery,
            IsCertain = isCertain,
        };
    }

    /// <summary>
    /// In text the server writes values that equal the marker like NULL: whoever chose the marker could ask for a masked value by it. So it is one that no value is
    /// written as (a backslash before what needs none), or the empty text, which tells nothing.
    /// </summary>
    private static bool IsUnmistakable(byte[] marker, byte delimiter) =>
        marker.Length == 0 || (marker is [(byte)'\\', var next, ..] && next != delimiter && !@"\bfnrtv"u8.Contains(next));

    /// <summary>One byte of ASCII that is no end of a line; another character might be another byte to the server.</summary>
    private static byte? Ascii(byte[]? text, byte otherwise) => text switch
    {
        null => otherwise,
        [var only] when only is > 0 and < 0x80 and not ((byte)'\r' or (byte)'\n') => only,
        _ => null,
    };

    private bool TryReadList(StatementTokens list)
    {
        for (var at = list.Start; at < list.End;)
        {
            if (list.Name(at) is not { } name)
                return false;
            var value = at + 1;
            var next = list.Kind(value) is TokenKind.Comma or TokenKind.End ? value : list.Next(value);
            if (!TrySet(name, list.Part(value, next)))
                return false;
            if (next < list.End && list.Kind(next) != TokenKind.Comma)
                return false;
            at = next + 1;
        }
        return true;
    }

    private bool TrySet(string name, StatementTokens value)
    {
        switch (name)
        {
            case "format":
                return TextOf(value) is { } format && TrySetFormat(format);
            case "delimiter":
                return TrySet(ref _delimiter, TextOf(value));
            case "null":
                return TrySet(ref _null, TextOf(value));
            case "quote":
                return TrySet(ref _quote, TextOf(value));
            case "escape":
                return TrySet(ref _escape, TextOf(value));
            case "encoding":
                return TrySet(ref _encoding, TextOf(value));
            case "header":
                return TrySetHeader(value);
            case "force_quote":
                return value.IsOpen(value.Start) ? TryReadNames(value.Part(value.Start + 1, value.End - 1), value.Start + 1, out _) : TryForceAll(value, value.Start);
            case "freeze":
                // Of COPY FROM; the server takes it here only as false.
                return true;
            default:
                return false;
        }
    }

    private static bool TrySet(ref byte[]? option, byte[]? value) => (option = value) is not null;

    private static byte[]? TextOf(StatementTokens value)
    {
        if (value.End - value.Start != 1)
            return null;
        return value[value.Start].IsString ? value.Literal(value.Start) : value.Name(value.Start) is { } name ? Encoding.UTF8.GetBytes(name) : null;
    }

    private bool TrySetFormat(byte[] format)
    {
        (_format, var known) = Encoding.ASCII.GetString(format) switch
        {
            "text" => (CopyFormat.Text, true),
            "csv" => (CopyFormat.Csv, true),
            "binary" => (CopyFormat.Binary, true),
            _ => (CopyFormat.Text, false),
        };
        return known;
    }

    private bool TrySetHeader(StatementTokens value)
    {
        var text = value.Kind(value.Start) switch
        {
            TokenKind.End => "true",
            TokenKind.Number => Encoding.ASCII.GetString(value.Bytes(value.Start)),
            _ => TextOf(value) is { } bytes ? Encoding.ASCII.GetString(bytes).ToLowerInvariant() : "",
        };
        _hasHeader = text is "true" or "on" or "1";
        return _hasHeader || text is "false" or "off" or "0";
    }

    private bool TryForceAll(StatementTokens statement, int at) => _forcesAllQuotes = statement.IsOperator(at, (byte)'*');

    private bool TryReadNames(StatementTokens list, int at, out int next)
    {
        for (next = at; list.IsName(next) && list.Name(next) is { } name; next++)
        {
            _forcedQuotes.Add(name);
            if (list.Kind(++next) != TokenKind.Comma)
                return true;
        }
        return false;
    }

    private bool TryReadWords(StatementTokens statement, int at)
    {
        while (at < statement.End)
        {
            var word = statement.Keyword(at++);
            var value = statement.Is(at, Word.As) ? at + 1 : at;
            switch (word)
            {
                case Word.Binary:
                    _format = CopyFormat.Binary;
                    continue;
                case Word.Csv:
                    _format = CopyFormat.Csv;
                    continue;
                case Word.Header:
                    _hasHeader = true;
                    continue;
                case Word.Freeze:
                    continue;
                case Word.Force when statement.Is(at, Word.Quote):
                    if (TryForceAll(statement, at + 1))
                        at += 2;
                    else if (!TryReadNames(statement, at + 1, out at))
                        return false;
                    continue;
                case Word.Delimiter when TrySet(ref _delimiter, statement.Literal(value)):
                case Word.Null when TrySet(ref _null, statement.Literal(value)):
                case Word.Quote when TrySet(ref _quote, statement.Literal(value)):
                case Word.Escape when TrySet(ref _escape, statement.Literal(value)):
                case Word.Encoding when TrySet(ref _encoding, statement.Literal(value)):
                    at = value + 1;
                    continue;
                default:
                    return false;
            }
        }
        return true;
    }
}
