using System.Text;

namespace WireGuardian.Server.Configuration.Reading;

/// <summary>Puts environment variables into text: <c>${NAME}</c> is the variable's value, <c>$${NAME}</c> is the text <c>${NAME}</c> itself.</summary>
public static class EnvironmentText
{
    /// <summary>False, with what is wrong, when a variable is not set or a name is no name. What a variable holds is not looked into again.</summary>
    public static bool TryExpand(string text, Func<string, string?> environment, out string expanded, out string problem)
    {
        expanded = text;
        problem = "";
        var result = new StringBuilder();
        var position = 0;
        for (var dollar = text.IndexOf("${", StringComparison.Ordinal); dollar >= 0; dollar = text.IndexOf("${", position, StringComparison.Ordinal))
        {
            var end = text.IndexOf('}', dollar);
            if (end < 0)
            {
                problem = "\"${\" without \"}\"; write $${ where ${ itself is meant";
                return false;
            }
            if (dollar > position && text[dollar - 1] == '$')
            {
                result.Append(text, position, dollar - 1 - position).Append(text, dollar, end + 1 - dollar);
            }
            else
            {
                var name = text[(dollar + 2)..end];
                if (!IsName(name))
                {
                    problem = "expected the name of an environment variable between \"${\" and \"}\": letters, digits and _";
                    return false;
                }
                if (environment(name) is not { } value)
                {
                    problem = $"environment variable {name} is not set";
                    return false;
                }
                result.Append(text, position, dollar - position).Append(value);
            }
            position = end + 1;
        }
        expanded = result.Append(text, position, text.Length - position).ToString();
        return true;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');
}
