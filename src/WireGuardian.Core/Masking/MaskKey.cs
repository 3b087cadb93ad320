using System.Security.Cryptography;

namespace WireGuardian.Core.Masking;

/// <summary>The key of <c>hash</c> and <c>token</c>: under one key equal values give equal stand-ins, under another they do not.</summary>
public sealed class MaskKey
{
    /// <summary>Fewer bytes than these can be guessed together with the value.</summary>
    public const int MinimumLength = 16;

    /// <summary>Bytes of a digest.</summary>
    public const int DigestLength = HMACSHA256.HashSizeInBytes;

    private readonly byte[] _key;

    /// <param name="key">Secret bytes, at least <see cref="MinimumLength"/> of them; copied.</param>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    public MaskKey(ReadOnlySpan<byte> key)
    {
        if (key.Length < MinimumLength)
            throw new ArgumentException($"A masking key needs at least {MinimumLength} bytes.", nameof(key));
        _key = key.ToArray();
    }

    /// <summary>A key that lives as long as the process: stand-ins are stable only until it ends.</summary>
    public static MaskKey Random() => new(RandomNumberGenerator.GetBytes(DigestLength));

    /// <summary>HMAC-SHA-256 of <paramref name="value"/>; <paramref name="digest"/> is <see cref="DigestLength"/> bytes.</summary>
    public void Digest(ReadOnlySpan<byte> value, Span<byte> digest) => HMACSHA256.HashData(_key, value, digest);
}
