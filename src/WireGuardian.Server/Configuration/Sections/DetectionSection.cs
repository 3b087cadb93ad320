using WireGuardian.Core.Detection;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>detection:</c>.</summary>
internal static class DetectionSection
{
    private static readonly ScalarForm<DetectionMaskKind> Mask = ScalarForms.Choice(
        new Dictionary<string, DetectionMaskKind> { ["span"] = DetectionMaskKind.Span, ["value"] = DetectionMaskKind.Value });

    private static readonly ScalarForm<int> Score = ScalarForms.Integer(1, 100);

    private static readonly ScalarForm<Detector> Known = new(
        "the name of a detector such as EMAIL_ADDRESS",
        text => DetectorNames.TryParse(text, out var detector) ? Parsed<Detector>.Good(detector) : Parsed<Detector>.Wrong(Unknown(text)));

    public static IReadOnlyList<DetectionRule> Read(Section root, IReadOnlyList<string> listeners)
    {
        var rules = new List<DetectionRule>();
        foreach (var section in root.Children("detection", "a detection rule"))
        {
            var name = RuleNames.Read(section, rules.Select(rule => rule.Name));
            var of = RuleNames.ReadListeners(section, listeners);
            var columns = section.List("columns", MaskingSection.Column, mayBeEmpty: false);
            var except = section.List("exclude", MaskingSection.Column, mayBeEmpty: true);
            var detectors = section.List("detectors", Known, mayBeEmpty: false);
            var score = section.Optional("minimumScore", Score);
            var mask = section.Optional("mask", Mask);
            var exempt = section.List("exempt", ScalarForms.Name, mayBeEmpty: true);
            var observe = section.Optional("observe", ScalarForms.Boolean);
            section.Finish();
            if (name is null)
                continue;
            rules.Add(new DetectionRule
            {
                Name = name,
                Listeners = of,
                Columns = [.. (columns ?? []).Select(column => column.Value)],
                Except = [.. (except ?? []).Select(column => column.Value)],
                Detectors = detectors is null ? DetectorSet.All : DetectorSet.Of([.. detectors.Select(detector => detector.Value)]),
                MinimumScore = score?.Value ?? DetectionRule.DefaultMinimumScore,
                Mask = mask?.Value ?? DetectionMaskKind.Span,
                Exempt = [.. (exempt ?? []).Select(login => login.Value)],
                Observe = observe?.Value ?? false,
            });
        }
        return rules;
    }

    private static string Unknown(string text) => NearestName.Find(text, DetectorNames.All) is { } near
        ? $"there is no detector \"{text}\"; did you mean \"{near}\"?"
        : $"there is no detector \"{text}\"; there is: {string.Join(", ", DetectorNames.All)}";
}
