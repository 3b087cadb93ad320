using Microsoft.Extensions.Logging;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Composition;

/// <summary>Reads the configuration file again. It comes into force whole or not at all.</summary>
public sealed class ConfigurationReload(string file, Func<string, WireGuardianConfiguration> load, ServerHost host, PolicySource policies, ILogger logger)
{
    /// <summary>Never throws for anything but a cancellation: whatever goes wrong is logged, and the old configuration stays.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var next = load(file);
            foreach (var warning in next.Warnings)
                logger.ConfigurationWarning(warning.ToString());
            var refusals = await host.ReloadAsync(next, cancellationToken);
            Refuse(refusals.Select(refusal => $"{file}: {refusal}"));
        }
        catch (ConfigurationException exception)
        {
            Refuse(exception.Errors.Select(error => error.ToString()));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.ReloadFailed(exception);
            logger.ReloadRefused(policies.Current.Version);
        }
    }

    private void Refuse(IEnumerable<string> errors)
    {
        var refused = false;
        foreach (var error in errors)
        {
            logger.ConfigurationRefused(error);
            refused = true;
        }
        if (refused)
            logger.ReloadRefused(policies.Current.Version);
    }
}
