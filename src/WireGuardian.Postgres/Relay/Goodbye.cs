using System.Buffers;
using WireGuardian.Postgres.Messages;

namespace WireGuardian.Postgres.Relay;

/// <summary>What a client is told when the proxy stops: the server's own words for it.</summary>
public static class Goodbye
{
    public static void Write(IBufferWriter<byte> output) =>
        ErrorResponseWriter.WriteFatal(output, "57P01", "terminating connection due to administrator command");
}
