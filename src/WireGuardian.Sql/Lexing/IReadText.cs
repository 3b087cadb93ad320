namespace WireGuardian.Sql.Lexing;

/// <summary>A text as the session of a protocol knows it, with what was found out about it.</summary>
public interface IReadText<out TSelf>
{
    /// <summary>The text's own bytes.</summary>
    byte[] Text { get; }

    /// <summary>True when other numbers in the text would leave all that was found out about it as it is.</summary>
    bool IsBlindToNumbers { get; }

    /// <summary>The same with other numbers in it; this one stays as it is.</summary>
    TSelf WithOtherNumbers(byte[] text);
}
