using System.Text.RegularExpressions;

namespace WireGuardian.Benchmarks;

/// <summary>The detectors as compiled regular expressions, as tools have them: the figure to beat. Without the checksums, which come on top.</summary>
internal static class DetectionPatterns
{
    public static Regex[] Compiled { get; } =
    [
        .. new[]
        {
            @"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b",
            @"(?:\+[1-9]\d{0,2}[ .-]?)?(?:\(\d{2,5}\)|\b\d{2,5})[ ./-]?\d{3,4}[ .-]?\d{3,4}\b",
            @"\b(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6\d{3}|3[0-9]\d{2})[ -]?\d{4,6}[ -]?\d{4,5}[ -]?\d{0,4}\b",
            @"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}[ ]?[A-Z0-9]{0,4}\b",
            @"\b\d{3}[- ]\d{2}[- ]\d{4}\b",
            @"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b",
            @"\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b|(?:[0-9A-Fa-f]{1,4}:){1,7}:(?:[0-9A-Fa-f]{1,4})?",
            @"\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b|\b(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}\b",
            @"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/@]+@",
            @"\b[13][a-km-zA-HJ-NP-Z1-9]{25,34}\b|\bbc1[a-z0-9]{11,87}\b|\b0x[0-9a-fA-F]{40}\b",
            @"(?i)\b(?:dob|born|birth\w*|geboren|geburt\w*|naissance|nacimiento)\b.{0,30}?(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2}\.? \w+ \d{4})",
            @"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
            @"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END",
            @"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
            @"\bAIza[0-9A-Za-z_-]{35}\b|\bGOCSPX-[0-9A-Za-z_-]{28}|\bya29\.[0-9A-Za-z_-]{20,}",
            @"[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}|(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/=]{40,}",
            @"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{82}\b",
            @"\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]+",
            @"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{26,}",
            @"(?i)(?:password|passwd|pwd|secret|token|api[_-]?key)[""']?\s*[:=]\s*[""']?[^\s""';,]{4,}",
        }.Select(pattern => new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant)),
    ];
}
