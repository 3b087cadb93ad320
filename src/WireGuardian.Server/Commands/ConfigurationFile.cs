using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Commands;

/// <summary>Loads the file that a command names, and says on the error stream what is wrong with it.</summary>
internal static class ConfigurationFile
{
    /// <summary>Null when the file is wrong: then every error has been printed.</summary>
    public static WireGuardianConfiguration? Load(string file, TextWriter error)
    {
        try
        {
            return ConfigurationLoader.Load(file);
        }
        catch (ConfigurationException exception)
        {
            foreach (var problem in exception.Errors)
                error.WriteLine(problem);
            return null;
        }
    }
}
