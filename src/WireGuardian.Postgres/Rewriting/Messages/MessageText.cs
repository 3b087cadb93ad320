namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>The primary message.</summary>
internal static class MessageText
{
    public static string Redact(string text, MessageOrigin origin, HarmlessNames names, bool dataException)
    {
        var vetted = new HarmlessText(names).Vet(text, keepQuotedNames: !dataException);
        if (origin == MessageOrigin.Doubtful)
            return vetted.Complete ? text : HarmlessText.StarOut(text);
        // Nothing of it was recognised: a message in another language than English.
        return vetted.Text.AsSpan().ContainsAnyInRange('A', 'Z') || vetted.Text.AsSpan().ContainsAnyInRange('a', 'z')
            ? vetted.Text
            : MessageRedactor.Withheld;
    }
}
