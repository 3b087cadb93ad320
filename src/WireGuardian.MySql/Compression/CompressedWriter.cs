using System.Buffers;
using System.IO.Compression;

namespace WireGuardian.MySql.Compression;

/// <summary>Puts what a client is sent into compressed packets, several packets of the protocol or a part of one in each.</summary>
/// <param name="connection">What goes to the client.</param>
/// <param name="numbers">Shared with who reads.</param>
internal sealed class CompressedWriter(Stream connection, CompressedNumbers numbers)
{
    /// <summary>Less is sent as it is, as the servers do (MIN_COMPRESS_LENGTH).</summary>
    private const int SmallestCompressed = 50;

    /// <summary>What goes into one packet: as much as the relay sends at once, and little enough not to keep the loop's other sockets waiting.</summary>
    private const int LargestPlain = 64 << 10;

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var plain = bytes[..Math.Min(bytes.Length, LargestPlain)];
            bytes = bytes[plain.Length..];
            var packet = ArrayPool<byte>.Shared.Rent(CompressedHeader.Size + plain.Length);
            try
            {
                await connection.WriteAsync(packet.AsMemory(0, Pack(plain.Span, packet)), cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(packet, clearArray: true);
            }
        }
    }

    /// <summary>Makes a packet of <paramref name="plain"/>; gives its length.</summary>
    private int Pack(ReadOnlySpan<byte> plain, byte[] packet)
    {
        var payload = packet.AsMemory(CompressedHeader.Size);
        var plainLength = plain.Length;
        if (plain.Length < SmallestCompressed || !TryDeflate(plain, payload, out var length))
        {
            plain.CopyTo(payload.Span);
            (length, plainLength) = (plain.Length, 0);
        }
        new CompressedHeader(length, numbers.Next(), plainLength).Write(packet);
        return CompressedHeader.Size + length;
    }

    /// <summary>False where it would not become shorter.</summary>
    private static bool TryDeflate(ReadOnlySpan<byte> plain, Memory<byte> payload, out int length)
    {
        using var deflated = new DeflateTarget(payload[..(plain.Length - 1)]);
        // Every packet is a zlib stream of its own. The fastest level, for the thread has other clients too.
        using (var deflating = new ZLibStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
            deflating.Write(plain);
        length = (int)deflated.Length;
        return !deflated.HasOverflowed;
    }
}
