using System.Security.Cryptography;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;

namespace WireGuardian.MySql.Authentication;

/// <summary>
/// The exchange between a client and a server after the client's first answer, in a login and in COM_CHANGE_USER alike: a state machine that is given
/// payloads and says what to send. Everything is passed on byte for byte, but for a password in full where one leg is TLS and the other is not: the TLS
/// leg wants it as it is, the other sealed with RSA.
/// <para>It throws <see cref="LoginRefusedException"/> with what to tell the client, and <see cref="ProtocolException"/>. No password outlives its step or,
/// where the server's key has to be asked for first, the next.</para>
/// </summary>
/// <param name="security">Which legs are TLS.</param>
/// <param name="nonce">The scramble that the client's first answer was made with.</param>
/// <param name="key">The proxy's key.</param>
public sealed class AuthenticationExchange(LegSecurity security, byte[] nonce, PasswordKey key)
{
    /// <summary>The longest exchange that there is has five packets of the server's.</summary>
    private const int MostPackets = 16;

    private const byte FastAuthenticationSuccess = 3;
    private const byte FullAuthentication = 4;

    private string _plugin = AuthenticationPlugin.Default;
    private byte[] _nonce = nonce;
    private byte[]? _password;
    private bool _inFull;
    private bool _passesThrough;
    private int _packets;

    /// <summary>The scramble in force, for a later COM_CHANGE_USER.</summary>
    public byte[] Nonce => _nonce;

    /// <summary>
    /// Takes the client's first answer, as it stands in HandshakeResponse41 or COM_CHANGE_USER, and gives what to put in its place; the server speaks next.
    /// </summary>
    public byte[] Begin(string plugin, byte[] response)
    {
        _plugin = plugin.Length == 0 ? AuthenticationPlugin.Default : plugin;
        RequireUsable(_plugin);
        if (!AuthenticationPlugin.MaySendPasswordAtOnce(_plugin) || response.Length == 0)
            return response;
        var step = PassPassword(response);
        return step.ToServer
            ? step.Payload
            : throw Refused($"{_plugin} as the client's first choice needs TLS on the client's connection: set another default plugin, or use TLS");
    }

    /// <summary>The server's next packet.</summary>
    public AuthenticationStep FromServer(byte[] payload)
    {
        Count();
        switch (payload)
        {
            case [PacketMarkers.Ok, ..]:
                ForgetPassword();
                return new(false, payload, Speaker.LoggedIn);
            case [PacketMarkers.Error, ..]:
                ForgetPassword();
                return new(false, payload, Speaker.LoggedOut);
            case [PacketMarkers.AuthenticationSwitch, ..]:
                return Switch(payload);
            case [PacketMarkers.AuthenticationMoreData, .. var data]:
                return MoreData(payload, data);
            // MariaDB's plugins send their data without a marker where it cannot be mistaken.
            case [_, ..] when _plugin == AuthenticationPlugin.Parsec:
                return new(false, payload, Speaker.Client);
            default:
                throw new ProtocolException(ProtocolFault.Server, "the database server sent a packet that has no place in a login");
        }
    }

    /// <summary>The client's next packet; may be empty.</summary>
    public AuthenticationStep FromClient(byte[] payload)
    {
        Count();
        var passesPassword = _plugin is AuthenticationPlugin.Sha256Password || (_plugin is AuthenticationPlugin.CachingSha2Password && _inFull);
        return passesPassword ? PassPassword(payload) : new(true, payload, Speaker.Server);
    }

    private AuthenticationStep Switch(byte[] payload)
    {
        if (!AuthenticationSwitch.TryParse(payload, out var plugin, out var nonce))
            throw Refused("the database server asks for the authentication of before MySQL 4.1, which is not safe");
        RequireUsable(plugin);
        ForgetPassword();
        (_plugin, _nonce, _inFull, _passesThrough) = (plugin, nonce, false, false);
        return new(false, payload, Speaker.Client);
    }

    private AuthenticationStep MoreData(byte[] payload, byte[] data)
    {
        if (_password is { } password)
        {
            var sealedPassword = SealedPassword.Create(password, Scramble(), data);
            ForgetPassword();
            return new(true, sealedPassword, Speaker.Server);
        }
        switch (_plugin)
        {
            case AuthenticationPlugin.CachingSha2Password when data is [FastAuthenticationSuccess]:
                return new(false, payload, Speaker.Server);
            case AuthenticationPlugin.CachingSha2Password when data is [FullAuthentication]:
                _inFull = true;
                return new(false, payload, Speaker.Client);
            case AuthenticationPlugin.CachingSha2Password or AuthenticationPlugin.Sha256Password when _passesThrough:
                return new(false, payload, Speaker.Client);
            case AuthenticationPlugin.Parsec:
                return new(false, payload, Speaker.Client);
            default:
                throw new ProtocolException(ProtocolFault.Server, $"the database server sent data that {_plugin} does not have");
        }
    }

    /// <summary>A password in full, a request for the key to seal it with, or a password sealed.</summary>
    private AuthenticationStep PassPassword(byte[] payload)
    {
        var request = AuthenticationPlugin.KeyRequest(_plugin);
        if (_plugin == AuthenticationPlugin.ClearPassword || security.Same || payload is [] or [0])
        {
            _passesThrough = true;
            return new(true, payload, Speaker.Server);
        }
        if (security.Client)
        {
            // A client may seal its password on TLS too: then the server's key goes to it.
            if (_passesThrough || (payload is [var only] && only == request))
            {
                _passesThrough = true;
                return new(true, payload, Speaker.Server);
            }
            if (payload[^1] != 0)
                throw new ProtocolException(ProtocolFault.Client, "expected the password and a NUL");
            _password = payload;
            return new(true, [request], Speaker.Server);
        }
        if (payload is [var asked] && asked == request)
            return new(false, [PacketMarkers.AuthenticationMoreData, .. key.PublicKey], Speaker.Client);
        if (!key.TryOpen(payload, Scramble(), out var password))
            throw Refused("the password was not sealed with the proxy's key: use TLS, or let the client ask for the server's public key instead of having one of its own");
        return new(true, password, Speaker.Server);
    }

    private void RequireUsable(string plugin)
    {
        if (!AuthenticationPlugin.IsKnown(plugin))
            throw Refused("the authentication plugin is not one that WireGuardian supports: it knows mysql_native_password, caching_sha2_password, "
                + "sha256_password, client_ed25519, parsec and, with TLS on both sides, mysql_clear_password");
        if (plugin == AuthenticationPlugin.ClearPassword && !security.Both)
            throw Refused("mysql_clear_password needs TLS on both sides of the proxy");
    }

    private byte[] Scramble() =>
        _nonce.Length > 0 ? _nonce : throw new ProtocolException(ProtocolFault.Server, "the database server sent no scramble");

    private void Count()
    {
        if (++_packets > MostPackets)
            throw new ProtocolException(ProtocolFault.Server, $"the login took more than {MostPackets} packets");
    }

    private void ForgetPassword()
    {
        CryptographicOperations.ZeroMemory(_password);
        _password = null;
    }

    private static LoginRefusedException Refused(string message) => new(new FatalError(ErrorCodes.NotSupportedAuthenticationMode, "08004", message));
}
