using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>dataDirectory:</c>, <c>store:</c> and <c>maskingKey:</c>.</summary>
internal static class StoreSection
{
    private const int MinMaskingKeyBytes = 16;

    /// <summary>Absolute path of the data directory; <c>data</c> beside the file where the key is missing.</summary>
    public static string ReadDataDirectory(Section root)
    {
        var directory = root.Optional("dataDirectory", ScalarForms.Path);
        // What a store's URL holds may be a password: it is not looked at.
        root.Optional("store", ScalarForms.Secret);
        if (root.Has("store"))
            root.Context.Error(root.PositionOf("store"), "\"store\" is not supported by this version; expected dataDirectory: with the path of a folder");
        var path = root.Context.Resolve(directory?.Value ?? "data");
        if (directory is not null && File.Exists(path))
            root.Context.Error(directory.Position, $"{path} is a file; expected the path of a folder");
        return path;
    }

    public static byte[]? ReadMaskingKey(Section root)
    {
        var key = SecretReader.Read(root, "maskingKey");
        if (key is not null && key.Value.Length < MinMaskingKeyBytes)
            root.Context.Error(key.Position, $"expected a masking key of at least {MinMaskingKeyBytes} bytes; make one with: openssl rand -hex 32");
        return key?.Value;
    }
}
