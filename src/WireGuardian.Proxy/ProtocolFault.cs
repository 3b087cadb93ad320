namespace WireGuardian.Proxy;

/// <summary>Whose fault a broken exchange is.</summary>
public enum ProtocolFault
{
    Client,
    Server,
    Proxy,
}
