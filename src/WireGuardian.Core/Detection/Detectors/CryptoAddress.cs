using WireGuardian.Core.Detection.Crypto;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Addresses of Bitcoin (base58check, bech32, bech32m) and Ethereum (EIP-55).</summary>
internal static class CryptoAddress
{
    /// <summary>Bytes that a word has at least, wherever the scanner finds one.</summary>
    public const int ShortestWord = 16;

    public static bool TryFind(ReadOnlySpan<byte> text, int start, int wordLength, out Finding finding)
    {
        var word = text.Slice(start, wordLength);
        var score = word[0] switch
        {
            (byte)'1' or (byte)'3' when Base58Check.IsAddress(word) => 98,
            (byte)'b' or (byte)'B' or (byte)'t' or (byte)'T' when Bech32.IsAddress(word) => 98,
            (byte)'0' when word[1] is (byte)'x' or (byte)'X' => EthereumAddress.Score(word),
            _ => 0,
        };
        finding = new(start, wordLength, Detector.Crypto, score);
        return score > 0;
    }
}
