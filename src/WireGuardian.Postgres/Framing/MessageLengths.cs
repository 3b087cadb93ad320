namespace WireGuardian.Postgres.Framing;

/// <summary>
/// The lengths that a message's length field can have, by type and direction: from the smallest body that the manual's layout allows to
/// what the server itself takes or sends. The length field counts itself, not the type byte.
/// </summary>
public static class MessageLengths
{
    /// <summary>The server builds no message of more than one allocation, which is 1 GiB less a byte.</summary>
    public const int Largest = 0x3FFF_FFFF;

    /// <summary>What the server takes of a message that holds no text or data of a user's.</summary>
    private const int Small = 10_000;

    /// <summary>What the server takes of a password or a token.</summary>
    private const int AuthenticationToken = 65_535;

    /// <summary>True when <paramref name="type"/> is known in this direction.</summary>
    public static bool TryGet(MessageDirection direction, byte type, out int minimum, out int maximum)
    {
        (minimum, maximum) = direction == MessageDirection.Frontend ? OfFrontend(type) : OfBackend(type);
        return maximum != 0;
    }

    private static (int Minimum, int Maximum) OfFrontend(byte type) => type switch
    {
        FrontendMessageType.Bind => (12, Largest),
        FrontendMessageType.Close => (6, Small),
        FrontendMessageType.CopyData => (4, Largest),
        FrontendMessageType.CopyDone => (4, Small),
        FrontendMessageType.CopyFail => (5, Small),
        FrontendMessageType.Describe => (6, Small),
        FrontendMessageType.Execute => (9, Small),
        FrontendMessageType.Flush => (4, Small),
        FrontendMessageType.FunctionCall => (14, Largest),
        FrontendMessageType.Parse => (8, Largest),
        FrontendMessageType.Password => (4, AuthenticationToken),
        FrontendMessageType.Query => (5, Largest),
        FrontendMessageType.Sync => (4, Small),
        FrontendMessageType.Terminate => (4, Small),
        _ => default,
    };

    private static (int Minimum, int Maximum) OfBackend(byte type) => type switch
    {
        BackendMessageType.Authentication => (8, AuthenticationToken),
        BackendMessageType.BackendKeyData => (12, 264),
        BackendMessageType.BindComplete => (4, 4),
        BackendMessageType.CloseComplete => (4, 4),
        BackendMessageType.CommandComplete => (5, Small),
        BackendMessageType.CopyBothResponse => (7, Largest),
        BackendMessageType.CopyData => (4, Largest),
        BackendMessageType.CopyDone => (4, 4),
        BackendMessageType.CopyInResponse => (7, Largest),
        BackendMessageType.CopyOutResponse => (7, Largest),
        BackendMessageType.DataRow => (6, Largest),
        BackendMessageType.EmptyQueryResponse => (4, 4),
        BackendMessageType.ErrorResponse => (5, Largest),
        BackendMessageType.FunctionCallResponse => (8, Largest),
        BackendMessageType.NegotiateProtocolVersion => (12, Small * 2),
        BackendMessageType.NoData => (4, 4),
        BackendMessageType.NoticeResponse => (5, Largest),
        BackendMessageType.NotificationResponse => (10, Largest),
        BackendMessageType.ParameterDescription => (6, Largest),
        BackendMessageType.ParameterStatus => (6, Largest),
        BackendMessageType.ParseComplete => (4, 4),
        BackendMessageType.PortalSuspended => (4, 4),
        BackendMessageType.ReadyForQuery => (5, 5),
        BackendMessageType.RowDescription => (6, Largest),
        _ => default,
    };
}
