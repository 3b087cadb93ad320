using FsCheck;
using FsCheck.Fluent;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class AnyTextTests
{
    private static readonly string[] Pieces =
        ["\n", "  ", "- ", ": ", "{ ", "} ", "[", "]", ",", "\"", "'", "&", "*", "!", "|", ">", "%", "@", "#", "\t", "\0", "${", "}", "?", "---\n", "null", "~", "é", "\ud800"];

    [Test]
    public void Any_text_gives_a_configuration_or_positioned_errors() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => IsReadOrRefused(text ?? "")).QuickCheckThrowOnFailure();

    [Test]
    public void Any_damage_to_a_good_file_gives_a_configuration_or_positioned_errors()
    {
        var damage = from position in Gen.Choose(0, Yaml.Example.Length)
                     from length in Gen.Choose(0, 12)
                     from piece in Gen.Elements(Pieces)
                     select (Math.Min(position, Yaml.Example.Length - length), length, piece);
        Prop.ForAll(damage.ArrayOf(3).ToArbitrary(), places =>
        {
            var text = Yaml.Example;
            foreach (var (position, length, piece) in places)
                text = text.Remove(Math.Min(position, text.Length - length), length).Insert(Math.Min(position, text.Length - length), piece);
            return IsReadOrRefused(text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static bool IsReadOrRefused(string text)
    {
        try
        {
            ConfigurationLoader.Parse(text, "/nowhere/config.yaml", _ => null, TimeProvider.System);
            return true;
        }
        catch (ConfigurationException exception)
        {
            return exception.Errors.Count > 0 && exception.Errors.All(error => error is { Line: > 0, Column: > 0 });
        }
    }
}
