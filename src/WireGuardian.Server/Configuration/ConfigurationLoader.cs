using System.Text;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration.Reading;
using WireGuardian.Server.Configuration.Sections;
using WireGuardian.Server.Configuration.Yaml;

namespace WireGuardian.Server.Configuration;

/// <summary>Reads a configuration file. It starts and writes nothing.</summary>
public static class ConfigurationLoader
{
    private const int MaxBytes = 4 << 20;

    /// <summary>Reads and checks <paramref name="file"/>, with variables from this process's environment.</summary>
    /// <exception cref="ConfigurationException">Anything is wrong with it; names everything that is.</exception>
    public static WireGuardianConfiguration Load(string file) => Load(file, Environment.GetEnvironmentVariable, TimeProvider.System);

    /// <summary>As <see cref="Load(string)"/>, with an environment and a clock of the caller's.</summary>
    public static WireGuardianConfiguration Load(string file, Func<string, string?> environment, TimeProvider time) =>
        Parse(ReadText(file), file, environment, time);

    /// <summary>Reads <paramref name="text"/> as the content of <paramref name="file"/>, which names it in errors and from whose folder paths begin.</summary>
    public static WireGuardianConfiguration Parse(string text, string file, Func<string, string?> environment, TimeProvider time)
    {
        var context = new ReadingContext(file, environment, time);
        YamlNode? document = null;
        try
        {
            document = YamlTree.Parse(text);
        }
        catch (YamlSyntaxException exception)
        {
            context.Error(exception.Position, exception.Message);
            throw new ConfigurationException(context.Errors);
        }

        if (document is not null and not YamlMapping)
            context.Error(document.Position, "expected lines \"key: value\"");
        var read = document is null or YamlMapping
            ? Read(new Section(context, document as YamlMapping ?? new YamlMapping([], new YamlPosition(1, 1)), "the configuration"))
            : null;
        return read is null || context.Errors.Count > 0 ? throw new ConfigurationException(context.Errors) : read with { Warnings = context.Warnings };
    }

    /// <summary>Reads every section. With errors in the context the result lacks what was wrong, and must not be used.</summary>
    private static WireGuardianConfiguration Read(Section root)
    {
        var dataDirectory = StoreSection.ReadDataDirectory(root);
        var control = EndpointSections.ReadControl(root);
        var metrics = EndpointSections.ReadMetrics(root);
        var limits = root.Child("limits", "limits");
        var listenerLimits = LimitsSection.Read(limits, new());
        var approvalLimits = LimitsSection.ReadApprovals(limits);
        limits?.Finish();
        var listeners = ListenersSection.Read(root, listenerLimits);
        var operators = PeopleSections.ReadOperators(root);
        var groups = PeopleSections.ReadGroups(root);
        var people = PeopleSection.Read(root, listeners.Names, operators);
        var policy = new Policy
        {
            Groups = groups,
            People = people,
            Masking = MaskingSection.Read(root, listeners.Names),
            Copies = MaskingSection.ReadCopies(root, listeners.Good.Count > 0 && listeners.Good.All(listener => listener.Options.Protocol == "mysql")),
            Functions = FunctionsSection.Read(root, listeners.Names),
            Detection = DetectionSection.Read(root, listeners.Names),
            Canaries = CanariesSection.Read(root, listeners.Names),
            Approvals = ApprovalsSection.Read(root, listeners.Names, operators, people, groupsMayBeClaimed: control?.Value.Oidc is not null),
        };
        var channels = ChannelsSection.Read(root, [.. policy.Approvals.Select(rule => rule.Name), .. policy.Masking.Select(rule => rule.Name)]);
        var callbacks = ChannelsSection.ReadCallbacks(root);
        var audit = AuditSection.Read(root);
        var maskingKey = StoreSection.ReadMaskingKey(root);
        root.Finish();

        ConsistencyChecks.MaskingHasCatalog(root.Context, listeners.Good, policy.Masking);
        ConsistencyChecks.DetectionHasCatalog(root.Context, listeners.Good, policy.Detection);
        ConsistencyChecks.BudgetsAreForPostgres(root.Context, root, listeners.Good, policy.Masking);
        ConsistencyChecks.LimitsHaveCatalog(root.Context, root, listeners.Good, policy.Approvals);
        ConsistencyChecks.AddressesDiffer(root.Context, listeners.Good, control, metrics, callbacks);
        ConsistencyChecks.ChannelsCanBeAnswered(root, channels, callbacks, operators);
        ConsistencyChecks.OperatorsCanBeTold(root, control, operators);
        ConsistencyChecks.HoldsCanBeDecided(root.Context, root, policy, control, operators);
        return new WireGuardianConfiguration
        {
            DataDirectory = dataDirectory,
            Control = control?.Value,
            Metrics = metrics?.Value,
            Listeners = [.. listeners.Good.Select(listener => listener.Options)],
            Policy = policy,
            Operators = operators,
            Channels = channels,
            Callbacks = callbacks?.Value,
            MaskingKey = maskingKey,
            Audit = audit,
            Limits = listenerLimits,
            ApprovalLimits = approvalLimits,
        };
    }

    private static string ReadText(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MaxBytes)
                throw Whole(file, $"longer than {Show.Size(MaxBytes)}");
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(WithoutByteOrderMark(File.ReadAllBytes(file)));
        }
        catch (DecoderFallbackException)
        {
            throw Whole(file, "expected UTF-8 text");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Whole(file, Directory.Exists(file) ? "this is a folder; expected a configuration file" : "there is no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Whole(file, "cannot be read by this user");
        }
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(byte[] content) =>
        content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsSpan(3) : content;

    private static ConfigurationException Whole(string file, string message) => new([new ConfigurationError(file, 0, 0, message)]);
}
