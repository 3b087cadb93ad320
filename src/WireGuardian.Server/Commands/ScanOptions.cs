using System.CommandLine;
using System.CommandLine.Parsing;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration.Reading;
using WireGuardian.Server.Configuration.Sections;

namespace WireGuardian.Server.Commands;

/// <summary>What <c>scan</c> can be told on its command line, in the forms of the configuration.</summary>
internal sealed class ScanOptions
{
    private const int MostRows = 100_000;

    private static readonly ScalarForm<TimeSpan> TimeoutForm = ScalarForms.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));

    public Option<string> Config { get; } = CommonOptions.Config();

    public Option<string> Listener { get; } = new("--listener") { Description = "The listener whose server is scanned.", HelpName = "NAME", Required = true };

    public Option<string?> Database { get; } = new("--database") { Description = "PostgreSQL: the database. Default: all that the catalog login may connect to.", HelpName = "DB" };

    public Option<string[]> Schema { get; } = new("--schema") { Description = "Only these schemas (MySQL: databases); may be repeated.", HelpName = "GLOB" };

    public Option<string[]> Table { get; } = new("--table") { Description = "Only tables of these names; may be repeated.", HelpName = "GLOB" };

    public Option<ColumnPattern[]> Exclude { get; } = new("--exclude")
    {
        Description = "Not these columns, as schema.table.column; may be repeated.",
        HelpName = "PATTERN",
        CustomParser = result => [.. result.Tokens.Select(token => Parse(result, MaskingSection.Column, token.Value) ?? new("", "", ""))],
    };

    public Option<bool> Views { get; } = new("--views") { Description = "Read views too, which runs the functions that they call." };

    public Option<bool> ForeignTables { get; } = new("--foreign-tables") { Description = "Read tables too whose rows are on another server." };

    public Option<int> Rows { get; } = Of("--rows", ScalarForms.Integer(1, MostRows), "Rows of each table.", "N", 1000);

    public Option<string> Timeout { get; } = Duration("--timeout", "For each table.", "10s");

    public Option<int> MinimumScore { get; } = Of("--minimum-score", ScalarForms.Integer(1, 100), "Findings of a lower score do not count.", "SCORE", DetectionRule.DefaultMinimumScore);

    public Option<int> MinimumShare { get; } =
        Of("--minimum-share", ScalarForms.Integer(0, 100), "Findings in fewer of a column's values, in percent, are only listed.", "PERCENT", 1);

    public Option<string> Output { get; } = Choice();

    public IEnumerable<Option> All =>
        [Config, Listener, Database, Schema, Table, Exclude, Views, ForeignTables, Rows, Timeout, MinimumScore, MinimumShare, Output];

    /// <summary>The time for each table.</summary>
    public TimeSpan TimeoutOf(ParseResult parsed) => TimeoutForm.Parse(parsed.GetRequiredValue(Timeout)).Value;

    private static Option<string> Duration(string name, string description, string usual)
    {
        // As text, so that the help shows the default as people type it.
        var duration = new Option<string>(name) { Description = description, HelpName = "DURATION", DefaultValueFactory = _ => usual };
        duration.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (!TimeoutForm.Parse(text).Succeeded)
                result.AddError($"{name}: expected {TimeoutForm.Expected}, found \"{text}\"");
        });
        return duration;
    }

    private static Option<string> Choice()
    {
        var output = new Option<string>("--output") { Description = "How to print.", HelpName = "yaml|json", DefaultValueFactory = _ => "yaml" };
        output.AcceptOnlyFromAmong("yaml", "json");
        return output;
    }

    private static Option<T> Of<T>(string name, ScalarForm<T> form, string description, string helpName, T usual)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => usual,
            CustomParser = result => Parse(result, form, result.Tokens.Single().Value),
        };

    private static T? Parse<T>(ArgumentResult result, ScalarForm<T> form, string text)
    {
        var parsed = form.Parse(text);
        if (!parsed.Succeeded)
            result.AddError($"{result.Argument.Name}: expected {form.Expected}, found \"{text}\"");
        return parsed.Succeeded ? parsed.Value : default;
    }
}
