using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Server.Operators;

/// <summary>
/// Which client certificate an operator has: a subject (<c>CN=dana, O=Example</c>, compared as a whole, in this order, by values) or one of its
/// alternative names (<c>email:dana@example.com</c>, <c>dns:…</c>, <c>uri:spiffe://…</c>, compared as they stand).
/// </summary>
public sealed record CertificateName
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private readonly string _key;

    private CertificateName(string text, string key) => (Text, _key) = (text, key);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public bool Equals(CertificateName? other) => other is not null && _key == other._key;

    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    /// <summary>False for text that is neither.</summary>
    public static bool TryParse(string text, out CertificateName? name)
    {
        name = null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && text[..colon] is "email" or "dns" or "uri")
        {
            if (colon + 1 < text.Length)
                name = new CertificateName(text, text);
            return name is not null;
        }
        try
        {
            if (KeyOf(new X500DistinguishedName(text)) is { } key)
                name = new CertificateName(text, key);
        }
        catch (CryptographicException)
        {
            // No distinguished name: the answer is false.
        }
        return name is not null;
    }

    /// <summary>Every name that the certificate has. A certificate that cannot be read to its end has none.</summary>
    public static IReadOnlyList<CertificateName> Of(X509Certificate2 certificate)
    {
        var names = new List<CertificateName>();
        try
        {
            if (KeyOf(certificate.SubjectName) is { } subject)
                names.Add(new CertificateName(certificate.Subject, subject));
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName))
                names.AddRange(Alternatives(extension.RawData));
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            return [];
        }
        return names;
    }

    private static List<CertificateName> Alternatives(byte[] extension)
    {
        var list = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        var found = new List<CertificateName>();
        while (list.HasData)
        {
            // GeneralName of RFC 5280, section 4.2.1.6.
            var tag = list.PeekTag();
            if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is 1 or 2 or 6)
            {
                var text = $"{tag.TagValue switch { 1 => "email", 2 => "dns", _ => "uri" }}:{list.ReadCharacterString(UniversalTagNumber.IA5String, tag)}";
                found.Add(new CertificateName(text, text));
            }
            else
            {
                list.ReadEncodedValue();
            }
        }
        return found;
    }

    /// <summary>Types and values, however they are encoded; null for an empty name, and for one whose parts have several values.</summary>
    private static string? KeyOf(X500DistinguishedName name)
    {
        var parts = new List<string>();
        foreach (var part in name.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements || part.GetSingleElementValue() is not { } value)
                return null;
            parts.Add($"{part.GetSingleElementType().Value}={value.Length}:{value}");
        }
        return parts.Count == 0 ? null : $"subject:{string.Join(',', parts)}";
    }
}
