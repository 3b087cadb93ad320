namespace WireGuardian.Core.Identity;

/// <summary>Tells operators by their tokens.</summary>
public interface IOperatorAuthenticator
{
    /// <summary>The operator whose token this is, or null. Takes the same time for every token that is nobody's.</summary>
    Operator? Authenticate(string token);
}
