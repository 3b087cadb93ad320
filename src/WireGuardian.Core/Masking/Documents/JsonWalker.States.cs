namespace WireGuardian.Core.Masking.Documents;

/// <content>What it may be in the midst of.</content>
public sealed partial class JsonWalker
{
    private enum Expected : byte
    {
        Value,
        FirstElement,
        FirstKey,
        Key,
        Colon,
        Next,
        Nothing,
        InString,
        InNumber,
        InLiteral,
        Broken,
    }

    private enum Escape : byte
    {
        None,
        Character,
        Digit1,
        Digit2,
        Digit3,
        Digit4,
    }

    private enum NumberPart : byte
    {
        Minus,
        Zero,
        Integer,
        Point,
        Fraction,
        Exponent,
        ExponentSign,
        ExponentDigits,
    }
}
