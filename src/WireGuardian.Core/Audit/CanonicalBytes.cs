using System.Buffers.Binary;
using System.Text;

namespace WireGuardian.Core.Audit;

/// <summary>The parts that canonical bytes are made of: integers big-endian, texts as int32 length in bytes and UTF-8.</summary>
internal static class CanonicalBytes
{
    // Text that is not valid UTF-16 must still be recordable: a lone surrogate becomes the replacement character.
    private static readonly Encoding Writing = Encoding.UTF8;

    /// <summary>How many bytes of UTF-8 a text takes, without its length.</summary>
    public static int Size(string text) => Writing.GetByteCount(text);

    public static void PutInt32(Span<byte> destination, ref int position, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination[position..], value);
        position += 4;
    }

    public static void PutInt64(Span<byte> destination, ref int position, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination[position..], value);
        position += 8;
    }

    public static void PutString(Span<byte> destination, ref int position, string text)
    {
        var length = Writing.GetBytes(text, destination[(position + 4)..]);
        BinaryPrimitives.WriteInt32BigEndian(destination[position..], length);
        position += 4 + length;
    }
}
