namespace WireGuardian.MySql.Tests.Packets;

/// <summary>One parser with a payload it takes.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Payload">Uses all of its fields.</param>
/// <param name="Expected">What was read, as text.</param>
/// <param name="Parse">Gives what was read as text; null where the parser refuses.</param>
/// <param name="TakesFrom">The number of bytes from which on a shorter payload is one too: what follows may be left out.</param>
/// <param name="TakesMore">What follows is not looked at, or belongs to the last field.</param>
public sealed record ParserCase(string Name, byte[] Payload, string Expected, Func<byte[], string?> Parse, int TakesFrom = int.MaxValue, bool TakesMore = false)
{
    public override string ToString() => Name;
}
