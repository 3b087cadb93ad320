using System.Buffers.Binary;
using System.Numerics;

namespace WireGuardian.Core.Detection.Crypto;

/// <summary>Keccak-256 as Ethereum has it: the sponge of SHA-3 with the padding from before the standard. For short messages of one block.</summary>
internal static class Keccak256
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = 32;

    private const int Lanes = 25;
    private const int Rate = 136;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    private static ReadOnlySpan<byte> Rotations => [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    private static ReadOnlySpan<byte> Positions => [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    /// <param name="message">Fewer bytes than the rate of 136.</param>
    /// <param name="hash">Takes <see cref="HashLength"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The message is longer.</exception>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(message.Length, Rate);
        Span<byte> block = stackalloc byte[Rate];
        block.Clear();
        message.CopyTo(block);
        block[message.Length] = 1;
        block[^1] |= 0x80;
        Span<ulong> state = stackalloc ulong[Lanes];
        state.Clear();
        for (var lane = 0; lane < Rate / sizeof(ulong); lane++)
            state[lane] = BinaryPrimitives.ReadUInt64LittleEndian(block[(lane * sizeof(ulong))..]);
        Permute(state);
        for (var lane = 0; lane < HashLength / sizeof(ulong); lane++)
            BinaryPrimitives.WriteUInt64LittleEndian(hash[(lane * sizeof(ulong))..], state[lane]);
    }

    private static void Permute(Span<ulong> state)
    {
        Span<ulong> column = stackalloc ulong[5];
        foreach (var constant in RoundConstants)
        {
            // Theta.
            for (var x = 0; x < 5; x++)
                column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            for (var lane = 0; lane < Lanes; lane++)
                state[lane] ^= column[(lane + 4) % 5] ^ BitOperations.RotateLeft(column[(lane + 1) % 5], 1);
            // Rho and pi.
            var moved = state[1];
            for (var i = 0; i < Rotations.Length; i++)
                (state[Positions[i]], moved) = (BitOperations.RotateLeft(moved, Rotations[i]), state[Positions[i]]);
            // Chi and iota.
            for (var row = 0; row < Lanes; row += 5)
            {
                state.Slice(row, 5).CopyTo(column);
                for (var x = 0; x < 5; x++)
                    state[row + x] ^= ~column[(x + 1) % 5] & column[(x + 2) % 5];
            }
            state[0] ^= constant;
        }
    }
}
