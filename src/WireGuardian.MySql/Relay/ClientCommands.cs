using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.Lexing;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>What each of the client's commands asks of the server: kept account of in the queue, and stopped until it is judged.</summary>
public sealed class ClientCommands(RelayState state, StatementJudge judge, SessionContext context, Admission admission, LimitOptions limits)
{
    /// <summary>COM_STMT_EXECUTE: read-only, for update, scrollable. The next bit means something else.</summary>
    private const byte CursorFlags = 7;

    /// <summary>COM_STMT_EXECUTE: where the flags stand, behind the command and the number.</summary>
    private const int FlagsOffset = 5;

    private readonly RecentTexts<SessionStatement, TextCircumstances> _texts = new(SessionStatement.Read);

    /// <summary>The rest of the command under way goes into this digest as it passes; null where none is made.</summary>
    public IncrementalHash? Digest { get; private set; }

    /// <summary>Commands wait for the answers to those before them where that could change what they mean.</summary>
    private bool MustSettle => state.Queue.TryPeek(out var head) && (!judge.HasNoRules || context.LocalInfile || head.Limit is not null);

    /// <summary>Deals with one command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="payload">All of it, or its front where <paramref name="isWhole"/> is false.</param>
    /// <param name="isWhole">All packets are there.</param>
    /// <param name="answerSequence">The sequence number of an answer.</param>
    /// <param name="output">Takes what the proxy sends by itself.</param>
    public Disposition Take(Command command, ReadOnlySpan<byte> payload, bool isWhole, byte answerSequence, RelayOutput output)
    {
        Digest = null;
        if (MustSettle && command is not (Command.Quit or Command.StatementClose or Command.StatementSendLongData))
            return Settle();
        if (state.IsFresh && TryAskForTime(command, output))
            return Settle();
        switch (command)
        {
            case Command.Quit:
                return Disposition.Forward;
            case Command.Query:
                return TakeQuery(payload, isWhole, answerSequence, output);
            case Command.StatementPrepare:
                return TakePrepare(payload, answerSequence, output);
            case Command.StatementExecute:
                return TakeExecute(payload, isWhole, answerSequence, output);
            case Command.StatementFetch:
                return TakeFetch(payload, answerSequence);
            case Command.StatementSendLongData:
                return TakeLongData(payload);
            case Command.StatementClose:
                // Not settled: a number that is not known yet cannot be closed.
                if (TryReadId(payload, out var closed))
                    state.Prepared.Remove(closed);
                return Disposition.Forward;
            case Command.StatementReset:
                if (TryReadId(payload, out var reset) && state.Prepared.TryFind(reset, out var statement))
                    ForgetLongData(statement);
                return Send(new Request(command, AnswerKind.Status));
            case Command.InitDb:
                return TakeText(command, $"USE {Quote(payload[1..])}", AnswerKind.Status, answerSequence, database: Encoding.UTF8.GetString(payload[1..]));
            case Command.CreateDb:
                return TakeText(command, $"CREATE DATABASE {Quote(payload[1..])}", AnswerKind.Status, answerSequence);
            case Command.DropDb:
                return TakeText(command, $"DROP DATABASE {Quote(payload[1..])}", AnswerKind.Status, answerSequence);
            case Command.FieldList:
                return Send(new Request(command, AnswerKind.Fields));
            case Command.Statistics:
                return Send(new Request(command, AnswerKind.Text));
            case Command.Ping or Command.SetOption or Command.ResetConnection:
                return Send(new Request(command, AnswerKind.Status));
            case Command.Debug:
                return TakeText(command, "FLUSH STATUS", AnswerKind.Status, answerSequence);
            case Command.Refresh:
                return TakeText(command, "FLUSH PRIVILEGES", AnswerKind.Status, answerSequence);
            case Command.Shutdown:
                return TakeText(command, "SHUTDOWN", AnswerKind.Status, answerSequence);
            case Command.ProcessInfo:
                return TakeText(command, "SHOW PROCESSLIST", AnswerKind.Results, answerSequence);
            case Command.ProcessKill:
                return TakeKill(payload, answerSequence);
            case Command.BinlogDump or Command.BinlogDumpGtid or Command.TableDump:
                return TakeExport(command, AnswerKind.Stream, answerSequence);
            case Command.RegisterSlave:
                return TakeExport(command, AnswerKind.Status, answerSequence);
            case Command.ChangeUser:
                return TakeChangeUser(payload, answerSequence, output);
            case Command.Clone when context.Server.Flavour == MySqlFlavour.MySql:
                return Refuse(Refusals.CloneDenied, answerSequence);
            default:
                return Refuse(Refusals.UnknownCommand, answerSequence);
        }
    }

    private Disposition TakeQuery(ReadOnlySpan<byte> payload, bool isWhole, byte answerSequence, RelayOutput output)
    {
        if (!isWhole)
            admission.AtGate ??= new() { Statement = SessionStatement.CreateUnseen(state.Settings), AnswerSequence = answerSequence };
        if (admission.AtGate is null)
        {
            if (!QueryText.TryFind(payload, context.Capabilities, out var sql))
                return Refuse(Refusals.Malformed, answerSequence);
            if (MustAskSettings(sql))
                return AskSettings(output);
            admission.AtGate = new() { Statement = _texts.Find(sql, CircumstancesOf(sql)), AnswerSequence = answerSequence };
        }
        return Admit(Command.Query, AnswerKind.Results, isBinary: false, kills: KillText.Target(admission.AtGate.Statement.Text), database: null);
    }

    private Disposition TakePrepare(ReadOnlySpan<byte> payload, byte answerSequence, RelayOutput output)
    {
        if (admission.AtGate is { Refusal: not null })
            return Refuse(admission.AtGate.Refusal, answerSequence);
        if (state.Prepared.Count >= limits.MaxPreparedStatements)
            return Refuse(Refusals.TooManyPrepared(limits.MaxPreparedStatements), answerSequence);
        var sql = payload[1..];
        if (MustAskSettings(sql))
            return AskSettings(output);
        return Send(new Request(Command.StatementPrepare, AnswerKind.Prepared) { Statement = SessionStatement.Read(sql, CircumstancesOf(sql)) });
    }

    private Disposition TakeExecute(ReadOnlySpan<byte> payload, bool isWhole, byte answerSequence, RelayOutput output)
    {
        if (admission.AtGate is null)
        {
            if (!TryReadId(payload, out var id) || !state.Prepared.TryFind(id, out var statement))
            {
                // The server knows no such statement either, or it has still to say so.
                return judge.HasNoRules
                    ? Send(new Request(Command.StatementExecute, AnswerKind.Results) { IsBinary = true, OpensCursor = OpensCursor(payload) })
                    : Refuse(Refusals.UnknownPrepared("COM_STMT_EXECUTE"), answerSequence);
            }
            if (MustAskSettings(statement.Text))
                return AskSettings(output);
            var isUncertain = !judge.HasNoRules && (statement.IsGuessed || statement.MayReadOtherwise(state.Settings, state.KnowsSettings));
            admission.AtGate = new()
            {
                Statement = isUncertain ? statement.AsUnread() : statement,
                AnswerSequence = answerSequence,
                HasValues = statement.ParameterCount is not 0,
            };
        }
        var gated = admission.AtGate;
        gated.AnswerSequence = answerSequence;
        if (!admission.IsJudgedAndAdmitted(gated))
        {
            if (admission.Wait == ClientWait.Gate && gated.ValuesDigest is null)
            {
                // What is held is bound to the values that it runs with.
                if (!isWhole)
                    return Disposition.NeedsWhole;
                var prepared = gated.Statement.Origin ?? gated.Statement;
                if (prepared is { LongData: null, ParameterCount: { } parameters })
                {
                    gated.RepeatableValuesDigest = ExecuteValues.Digest(payload, parameters, context.Capabilities);
                    gated.Values = ExecuteValues.Read(payload, parameters, context.Capabilities);
                }
                gated.ValuesDigest = SHA256.HashData([.. SHA256.HashData(payload), .. prepared.LongData?.GetCurrentHash() ?? []]);
            }
            return Disposition.Wait;
        }
        if (gated.Refusal is null)
            ForgetLongData(gated.Statement.Origin ?? gated.Statement);
        return Admit(Command.StatementExecute, AnswerKind.Results, isBinary: true, kills: KillText.Target(gated.Statement.Text), database: null, OpensCursor(payload));
    }

    private static bool OpensCursor(ReadOnlySpan<byte> execute) => execute.Length > FlagsOffset && (execute[FlagsOffset] & CursorFlags) != 0;

    private Disposition TakeFetch(ReadOnlySpan<byte> payload, byte answerSequence)
    {
        SessionStatement? statement = null;
        if (!judge.HasNoRules && (!TryReadId(payload, out var id) || !state.Prepared.TryFind(id, out statement)))
            return Refuse(Refusals.UnknownPrepared("COM_STMT_FETCH"), answerSequence);
        if (statement?.CursorLimit?.Refusal is { } ended)
            return Refuse(ended, answerSequence);
        if (judge.Detection.Count > 0 && statement is { CursorPlan: not null } && statement.CursorCharacterSet != state.ResultCharacterSets)
            return Refuse(Refusals.CursorOfOtherCharacterSet, answerSequence);
        return Send(new Request(Command.StatementFetch, AnswerKind.Rows)
        {
            IsBinary = true,
            Phase = AnswerPhase.Rows,
            Statement = statement,
            Judgement = statement?.Judgement,
            Limit = statement?.CursorLimit,
            Plan = judge.NeedsPlans ? statement?.CursorPlan : MaskPlan.None,
        });
    }

    private Disposition TakeLongData(ReadOnlySpan<byte> payload)
    {
        if (!judge.HasNoRules && TryReadId(payload, out var id) && state.Prepared.TryFind(id, out var statement))
        {
            Digest = statement.LongData ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Digest.AppendData(payload);
        }
        return Disposition.Forward;
    }

    /// <summary>A command that does what a statement does is judged as that statement.</summary>
    private Disposition TakeText(Command command, string sql, AnswerKind answer, byte answerSequence, string? database = null, ulong kills = 0)
    {
        if (admission.AtGate is null)
        {
            var text = Encoding.UTF8.GetBytes(sql);
            // The text is ours, so it reads as it is written.
            var settings = MySqlSqlSettings.For(context.Server);
            admission.AtGate = new() { Statement = new(text, MySqlAnalyzer.Analyze(text, settings), settings, state.Database), AnswerSequence = answerSequence };
        }
        return Admit(command, answer, isBinary: false, kills, database);
    }

    /// <summary>Cut short it is refused as the servers refuse it: MariaDB takes what is missing for zeros, or for what stood there before.</summary>
    private Disposition TakeKill(ReadOnlySpan<byte> payload, byte answerSequence)
    {
        if (admission.AtGate is { Refusal: { } refused })
            return Refuse(refused, answerSequence);
        Span<byte> number = stackalloc byte[sizeof(uint)];
        payload[1..Math.Min(payload.Length, 1 + sizeof(uint))].CopyTo(number);
        var id = BinaryPrimitives.ReadUInt32LittleEndian(number);
        if (payload.Length > sizeof(uint))
            return TakeText(Command.ProcessKill, $"KILL {id}", AnswerKind.Status, answerSequence, kills: id);
        return Refuse(context.Server.Flavour == MySqlFlavour.MariaDb ? Refusals.NoSuchThread(id) : Refusals.UnknownCommand, answerSequence);
    }

    private Disposition TakeExport(Command command, AnswerKind answer, byte answerSequence)
    {
        admission.AtGate ??= new() { Statement = SessionStatement.CreateExport(state.Settings, $"(the command {command}, which reads the binary log)"), AnswerSequence = answerSequence };
        return Admit(command, answer, isBinary: false, kills: 0, database: null);
    }

    private Disposition TakeChangeUser(ReadOnlySpan<byte> payload, byte answerSequence, RelayOutput output)
    {
        if (!state.IsSettled)
            return Settle();
        if (admission.AtGate is { Refusal: { } refused })
            return Refuse(refused, answerSequence);
        if (!ChangeUser.TryParse(payload, context.Capabilities, out var request))
            return Refuse(Refusals.UnknownCommand, answerSequence);
        try
        {
            var exchange = new AuthenticationExchange(context.Security, state.Nonce, context.PasswordKey);
            var changed = request.Begin(exchange, context.Capabilities);
            state.UserChange = new(exchange, request.IdentityIn(context.Collation), answerSequence);
            state.UserChange.Send(changed, output);
        }
        catch (LoginRefusedException exception)
        {
            return Refuse(exception.Error.ToPayload(), answerSequence);
        }
        state.Phase = ClientPhase.Login;
        state.Queue.Enqueue(new Request(Command.ChangeUser, AnswerKind.Login));
        // What was sent stands in its place.
        return Disposition.Drop;
    }

    private Disposition Admit(Command command, AnswerKind answer, bool isBinary, ulong kills, string? database, bool opensCursor = false)
    {
        var gated = admission.AtGate!;
        if (!admission.IsJudgedAndAdmitted(gated))
            return Disposition.Wait;
        admission.AtGate = null;
        if (gated.Refusal is not null)
            return Disposition.Drop;
        admission.NoteEffects(gated);
        var limit = Admission.LimitOf(gated);
        if (isBinary)
            (gated.Statement.Origin ?? gated.Statement).CursorLimit = limit;
        return Send(new Request(command, answer)
        {
            Statement = gated.Statement,
            Judgement = gated.Judgement,
            Limit = limit,
            IsBinary = isBinary,
            OpensCursor = opensCursor,
            Kills = kills,
            NewDatabase = database ?? (gated.Statement.Statements.Count == 1 ? gated.Statement.Statements[0].UsesDatabase : null),
            IsNoSql = gated.IsNoSql,
            ChangesCatalog = gated.Judgement!.MayChangeCatalog,
            MayReadFile = context.LocalInfile && gated.Statement.Statements.Any(one => one.AsksForLocalFile),
        });
    }

    private Disposition Send(Request request)
    {
        state.Queue.Enqueue(request);
        return Disposition.Forward;
    }

    private Disposition Settle()
    {
        admission.Wait = ClientWait.Settled;
        return Disposition.Wait;
    }

    private Disposition Refuse(byte[] refusal, byte answerSequence)
    {
        admission.AtGate ??= new() { Statement = SessionStatement.CreateUnseen(state.Settings), AnswerSequence = answerSequence, Refusal = refusal };
        if (!admission.IsJudgedAndAdmitted(admission.AtGate))
            return Disposition.Wait;
        admission.AtGate = null;
        return Disposition.Drop;
    }

    /// <summary>True when the text may read differently under settings that are not known.</summary>
    private bool MustAskSettings(ReadOnlySpan<byte> sql) =>
        !judge.HasNoRules && !state.SettingsAreUnavailable
        && ((!state.KnowsSettings && (state.SqlPrepared.DependOnSettings || !MySqlAnalyzer.ReadsAlways(sql))) || (state.DatabaseIsUncertain && (judge.NeedsPlans || judge.HasResubmission)));

    /// <summary>Once at its beginning, a session whose results may be held asks the server to wait for that.</summary>
    private bool TryAskForTime(Command command, RelayOutput output)
    {
        if (command is not (Command.Query or Command.StatementPrepare))
            return false;
        state.IsFresh = false;
        if (judge.LongestHoldOfResults is not { } longest)
            return false;
        OwnQuery.WriteTimeout(output, context.Capabilities, longest);
        state.Queue.Enqueue(new Request(Command.Query, AnswerKind.Results) { IsOurs = true });
        return true;
    }

    private Disposition AskSettings(RelayOutput output)
    {
        SettingsQuestion.Write(output, context.Capabilities);
        // If no answer comes of it, it is not asked again.
        state.SettingsAreUnavailable = true;
        state.Queue.Enqueue(new Request(Command.Query, AnswerKind.Results) { IsOurs = true });
        return Settle();
    }

    private TextCircumstances CircumstancesOf(ReadOnlySpan<byte> sql)
    {
        // Without rules nothing depends on it, and the usual reading is the better record.
        var isGuessed = !state.KnowsSettings && judge.HasNoRules && !MySqlAnalyzer.ReadsAlways(sql);
        var isUncertain = !state.KnowsSettings && !isGuessed;
        var settings = state.Settings.IsUncertain == isUncertain ? state.Settings : state.Settings with { IsUncertain = isUncertain };
        return new(settings, state.DatabaseIsUncertain ? null : state.Database, isGuessed);
    }

    private static void ForgetLongData(SessionStatement statement)
    {
        statement.LongData?.Dispose();
        statement.LongData = null;
    }

    private static bool TryReadId(ReadOnlySpan<byte> payload, out uint id)
    {
        var reader = new PayloadReader(payload[1..]);
        return reader.TryReadUInt32(out id);
    }

    private static string Quote(ReadOnlySpan<byte> name) => $"`{Encoding.UTF8.GetString(name).Replace("`", "``", StringComparison.Ordinal)}`";
}
