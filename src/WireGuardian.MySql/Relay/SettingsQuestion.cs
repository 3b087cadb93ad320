using System.Buffers;
using System.Text;
using WireGuardian.MySql.Packets;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// The proxy's own question to the server, on the session itself: how it reads text now. Asked only where that decides what a text means; the client sees
/// nothing of it.
/// </summary>
public static class SettingsQuestion
{
    private const int Columns = 3;

    public static void Write(IBufferWriter<byte> output, CapabilityFlags capabilities) =>
        OwnQuery.Write(output, capabilities, "SELECT @@session.sql_mode,@@session.character_set_client,DATABASE()"u8);

    /// <summary>Takes the answer's one row.</summary>
    public static void TakeRow(ReadOnlySpan<byte> row, RelayState state)
    {
        var values = new string?[Columns];
        var reader = new PayloadReader(row);
        for (var index = 0; index < Columns; index++)
        {
            if (!reader.TryReadLengthEncodedBytesOrNull(out var value, out var isNull))
                return;
            values[index] = isNull ? null : Encoding.UTF8.GetString(value);
        }
        if (!MySqlSqlSettings.TryParseModes(values[0] ?? "", state.Settings.Server.Flavour, out var modes))
            return;
        state.Settings = new(state.Settings.Server, modes, MySqlCharacterSets.FromName(values[1] ?? ""));
        state.Database = values[2];
        (state.KnowsSettings, state.DatabaseIsUncertain, state.SettingsAreUnavailable) = (true, false, false);
    }
}
