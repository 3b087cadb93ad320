namespace WireGuardian.Server.Tests.Configuration;

/// <summary>Configurations that several tests use.</summary>
internal static class Yaml
{
    /// <summary>The least that is right.</summary>
    public const string Minimal = """
        listeners:
          - name: app
            protocol: postgres
            listen: 127.0.0.1:6432
            upstream: 127.0.0.1:5432
            catalog: { username: guardian }

        """;

    /// <summary>The example that the documentation shows.</summary>
    public const string Example = """
        dataDirectory: ./data                 # embedded store

        control: { listen: "127.0.0.1:7300" }
        metrics: { listen: "127.0.0.1:9300" }

        listeners:
          - name: app-pg
            protocol: postgres
            listen: "127.0.0.1:6432"
            upstream: "127.0.0.1:5432"
            tls: { mode: prefer, certificate: server.crt, key: server.key }
            upstreamTls: { mode: prefer, ca: ca.crt }
            catalog: { username: guardian, password: "${PG_GUARDIAN}" }
            localInfile: false

        masking:
          - name: contact-details
            listeners: [app-pg]
            columns: ["public.people.email", "*.*.ssn"]
            with: redact
            exempt: [auditor]
            predicates: allow
        copies: hold

        approvals:
          - name: schema-changes
            kinds: [ddl, privilege]
            action: hold
            timeout: 10m
            approvers: [dba]
            minimum: 1

        groups: { auditors: [erin, audit_ro] }

        operators:
          - { name: dana, groups: [dba], tokenFile: dana.token }

        """;

    public static ConfigurationFolder ExampleFolder()
    {
        var folder = new ConfigurationFolder()
            .WithCertificate("server")
            .WithCertificate("ca")
            .With("dana.token", "0123456789abcdef0123456789abcdef\n")
            .With("config.yaml", Example);
        folder.Environment["PG_GUARDIAN"] = "correct horse battery";
        return folder;
    }
}
