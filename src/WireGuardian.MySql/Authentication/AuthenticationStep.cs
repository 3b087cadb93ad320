namespace WireGuardian.MySql.Authentication;

/// <summary>What becomes of a packet of an authentication.</summary>
/// <param name="ToServer">Where <paramref name="Payload"/> goes: to the server, otherwise to the client.</param>
/// <param name="Payload">What to send, without header: the leg counts its own sequence.</param>
/// <param name="Next">Who speaks then.</param>
public readonly record struct AuthenticationStep(bool ToServer, byte[] Payload, Speaker Next);
