using System.Buffers;
using System.Globalization;
using System.Text;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Relay;

/// <summary>Queries of the proxy's own on a client's session; the client sees nothing of their answers.</summary>
public static class OwnQuery
{
    /// <summary>Between what a rule says and what is decided, cancelled and read.</summary>
    private const int MarginSeconds = 60;

    /// <summary>Writes a COM_QUERY.</summary>
    public static void Write(IBufferWriter<byte> output, CapabilityFlags capabilities, ReadOnlySpan<byte> sql)
    {
        var payload = new ArrayBufferWriter<byte>();
        payload.WriteByte((byte)Command.Query);
        if (capabilities.HasFlag(CapabilityFlags.QueryAttributes))
            payload.Write((ReadOnlySpan<byte>)[0, 1]);
        payload.Write(sql);
        output.WritePacket(payload.WrittenSpan, sequence: 0);
    }

    /// <summary>
    /// Has the server wait for a result that is held as long as an operator may take; by itself it gives up on client and session after a minute. GREATEST alone gives a decimal in MySQL,
    /// which the variable does not take.
    /// </summary>
    /// <param name="output">Takes the command.</param>
    /// <param name="capabilities">What both legs agreed on.</param>
    /// <param name="longest">How long a result may be held.</param>
    public static void WriteTimeout(IBufferWriter<byte> output, CapabilityFlags capabilities, TimeSpan longest) => Write(output, capabilities, Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"SET SESSION net_write_timeout=CAST(GREATEST(@@session.net_write_timeout,{(long)longest.TotalSeconds + MarginSeconds}) AS UNSIGNED)")));
}
