namespace WireGuardian.Server.Tests.Configuration;

[TestFixture]
public sealed class WrongConfigurationTests
{
    /// <summary>What is added to the minimal configuration (whose last line is 6), and what is then said of it.</summary>
    private static readonly TestCaseData[] Additions =
    [
        Case("maskng: []", "config.yaml:7:1: unknown key \"maskng\"; did you mean \"masking\"?"),
        Case("colour: blue", "config.yaml:7:1: unknown key \"colour\"; the configuration has: dataDirectory, store, control, metrics, limits, listeners, operators, groups, people, masking, copies, functions, detection, canaries, approvals, channels, callbacks, audit, maskingKey, maskingKeyFile"),
        Case("copies: hold\ncopies: deny", "config.yaml:8:1: duplicate key \"copies\"; it is on line 7 already"),
        Case("copies: holt", "config.yaml:7:9: expected one of hold, deny, label, found \"holt\"; did you mean \"hold\"?"),
        Case("copies: [hold]", "config.yaml:7:9: expected one of hold, deny, label; found a list"),
        Case("store: \"postgres://u:secret@h/d\"", "config.yaml:7:1: \"store\" is not supported by this version; expected dataDirectory: with the path of a folder"),
        Case("dataDirectory: config.yaml", "config.yaml:7:16: config.yaml is a file; expected the path of a folder"),
        Case("maskingKey: short", "config.yaml:7:13: expected a masking key of at least 16 bytes; make one with: openssl rand -hex 32"),
        Case("maskingKeyFile: none.key", "config.yaml:7:17: there is no file none.key"),
        Case("maskingKeyFile: empty", "config.yaml:7:17: empty is empty; expected a secret"),
        Case("maskingKeyFile: .", "config.yaml:7:17: . is a folder; expected a file"),
        Case("maskingKey: 0123456789abcdef\nmaskingKeyFile: good.token", "config.yaml:8:1: \"maskingKey\" and \"maskingKeyFile\" exclude each other; keep one"),

        Case("audit: { retension: 400d }", "config.yaml:7:10: unknown key \"retension\"; did you mean \"retention\"?"),
        Case("audit: { retention: 1h }", "config.yaml:7:21: expected a duration such as 500ms, 90s, 10m or 1h, from 1d to 36500d, found \"1h\""),
        Case("audit: { signingKeyFile: none }", "config.yaml:7:26: there is no file none"),
        Case("audit: { signingKeyFile: good.token }", "config.yaml:7:26: Expected a private key on the curve P-256 in PEM. Make one with: openssl ecparam -name prime256v1 -genkey -noout"),
        Case("audit: { checkpoints: { records: 0 } }", "config.yaml:7:34: expected a whole number from 1 to 1000000, found \"0\""),
        Case("audit: { checkpoints: { file: . } }", "config.yaml:7:31: . is a folder; expected the path of a file"),
        Case("audit: { checkpoints: { syslog: localhost } }", "config.yaml:7:33: expected a syslog receiver: the path of a socket such as /dev/log, udp://host:514 or tcp://host:601, found \"localhost\""),
        Case("audit: { checkpoints: { syslog: \"udp://host\" } }", "config.yaml:7:33: expected a syslog receiver: the path of a socket such as /dev/log, udp://host:514 or tcp://host:601, found \"udp://host\""),
        Case("audit: { checkpoints: { otlp: { endpoint: \"http://127.0.0.1:4318\", interval: 5s } } }", "config.yaml:7:68: unknown key \"interval\"; the settings of the OTLP export has: endpoint, protocol"),

        Case("control: { listen: 7300 }", "config.yaml:7:20: expected an IP address and port such as 127.0.0.1:6432, found \"7300\""),
        Case("control: { listen: \"127.0.0.1:70000\" }", "config.yaml:7:20: expected an IP address and port such as 127.0.0.1:6432, found \"127.0.0.1:70000\""),
        Case("control: { listen: \"db.example.com:7300\" }", "config.yaml:7:20: expected an IP address and port such as 127.0.0.1:6432, found \"db.example.com:7300\""),
        Case("control: { listen: \"::1:7300\" }", "config.yaml:7:20: expected an IP address and port such as 127.0.0.1:6432, found \"::1:7300\""),
        Case("control: { listen: \"0.0.0.0:7300\" }", "config.yaml:7:20: 0.0.0.0:7300 is not a loopback address: tokens would cross the network in clear; expected tls: { certificate: …, key: … }"),
        Case("control: { listen: \"0.0.0.0:7300\", tls: {} }", "config.yaml:7:41: tls settings needs \"certificate\": a certificate (PEM), with its \"key\""),
        Case("control: here", "config.yaml:7:10: expected the control plane's settings (lines \"key: value\"); found text"),
        Case("control: {}", "config.yaml:7:10: the control plane's settings needs \"listen\": an IP address and port such as 127.0.0.1:6432"),
        Case("metrics: { listen: \"127.0.0.1:6432\" }", "config.yaml:7:20: 127.0.0.1:6432 is the address of listener \"app\" already"),
        Case("metrics: { listen: \"127.0.0.1:1\", otlp: { endpoint: collector, protocol: http } }",
            "config.yaml:7:53: expected the URL of a collector such as http://127.0.0.1:4317, found \"collector\"",
            "config.yaml:7:74: expected one of grpc, http/protobuf, found \"http\""),

        Case("limits: { maxConnections: many }", "config.yaml:7:27: expected a whole number from 1 to 1000000, found \"many\""),
        Case("limits: { maxConnections: 0 }", "config.yaml:7:27: expected a whole number from 1 to 1000000, found \"0\""),
        Case("limits: { loginTimeout: 30 }", "config.yaml:7:25: expected a duration such as 500ms, 90s, 10m or 1h, from 1ms to 1d, found \"30\""),
        Case("limits: { loginTimeout: 99999999999999999h }", "config.yaml:7:25: expected a duration such as 500ms, 90s, 10m or 1h, from 1ms to 1d, found \"99999999999999999h\""),
        Case("limits: { maxStatementBytes: 64MB }", "config.yaml:7:30: expected a size such as 64KiB or 16MiB, from 8KiB to 1GiB, found \"64MB\""),
        Case("limits: { maxConections: 5 }", "config.yaml:7:11: unknown key \"maxConections\"; did you mean \"maxConnections\"?"),
        Case("limits: { approvalLimits: { maxPendin: 5 } }", "config.yaml:7:29: unknown key \"maxPendin\"; did you mean \"maxPending\"?"),

        Case("masking: { name: x }", "config.yaml:7:10: expected a list, each item a masking rule (lines that begin with \"-\"); found a mapping (\"key: value\")"),
        Case("masking: [x]", "config.yaml:7:11: expected a masking rule (lines \"key: value\"); found text"),
        Case("masking: [{}]",
            "config.yaml:7:11: a masking rule needs \"name\": a name of 1 to 100 characters",
            "config.yaml:7:11: a masking rule needs \"columns\": a list of columns as schema.table.column, for example [\"public.people.email\", \"*.*.ssn\"]",
            "config.yaml:7:11: a masking rule needs \"with\": one of redact, partial, email, null, hash, token"),
        Case("masking: [{ name: x, columns: [a.b.c], with: }]", "config.yaml:7:11: a masking rule needs \"with\": one of redact, partial, email, null, hash, token"),
        Case("masking: [{ name: x, columns: [a.b.c], with: redacted }]", "config.yaml:7:46: expected one of redact, partial, email, null, hash, token, found \"redacted\"; did you mean \"redact\"?"),
        Case("masking: [{ name: x, columns: [], with: redact }]", "config.yaml:7:31: \"columns\" is empty; name at least one, or leave the key out if it may be left out"),
        Case("masking: [{ name: x, columns: a.b.c, with: redact }]", "config.yaml:7:31: expected a list ([a, b], or lines that begin with \"-\"), each item a column as schema.table.column, each part a name or a glob, for example public.people.email or \"*.*.ssn\"; found text"),
        Case("masking: [{ name: x, columns: [people.email], with: redact }]", "config.yaml:7:32: expected a column as schema.table.column, each part a name or a glob, for example public.people.email or \"*.*.ssn\", found \"people.email\""),
        Case("masking: [{ name: x, listeners: [ap], columns: [a.b.c], with: redact }]", "config.yaml:7:34: there is no listener \"ap\"; did you mean \"app\"?"),
        Case("masking: [{ name: x, listeners: [other], columns: [a.b.c], with: redact }]", "config.yaml:7:34: there is no listener \"other\"; there is: app"),
        Case("masking: [{ name: x, listeners: [], columns: [a.b.c], with: redact }]", "config.yaml:7:33: \"listeners\" is empty; name at least one, or leave the key out if it may be left out"),
        Case("masking: [{ name: x, listeners: , columns: [a.b.c], with: redact }]", "config.yaml:7:33: expected a list ([a, b], or lines that begin with \"-\"), each item a name of 1 to 100 characters; found nothing"),
        Case("masking: [{ name: x, columns: [a.b.c], with: redact, predicates: { perHour: 0, then: allow } }]",
            "config.yaml:7:77: expected a whole number from 1 to 1000, found \"0\"",
            "config.yaml:7:86: expected one of hold, deny, found \"allow\""),
        Case("masking: [{ name: x, columns: [a.b.c], with: redact, predicates: { perDay: 5 } }]",
            "config.yaml:7:66: a budget of predicates needs \"perHour\": a whole number from 1 to 1000",
            "config.yaml:7:66: a budget of predicates needs \"then\": one of hold, deny",
            "config.yaml:7:68: unknown key \"perDay\"; a budget of predicates has: perHour, then"),
        Case("masking: [{ name: x, columns: [a.b.c], with: redact, predicates: count }]", "config.yaml:7:66: expected one of allow, hold, deny, found \"count\""),
        Case("masking:\n  - { name: x, columns: [a.b.c], with: redact }\n  - { name: x, columns: [a.b.d], with: redact }", "config.yaml:9:13: a rule called \"x\" is above already; every rule of this list needs a name of its own"),

        Case("approvals: [{ name: x, kinds: [dll], action: hold }]", "config.yaml:7:32: expected one of select, insert, update, delete, merge, ddl, privilege, export, import, code, session, transaction, explain, maintenance, unclassified, found \"dll\"; did you mean \"ddl\"?"),
        Case("approvals: [{ name: x, kinds: [ddl], action: ask }]", "config.yaml:7:46: expected one of allow, hold, deny, found \"ask\""),
        Case("approvals: [{ name: x, kinds: [ddl] }]", "config.yaml:7:13: an approval rule needs \"action\": one of allow, hold, deny"),
        Case("approvals: [{ name: x, kinds: [ddl], action: hold, timeout: 0s }]", "config.yaml:7:61: expected a duration such as 500ms, 90s, 10m or 1h, from 1s to 7d, found \"0s\""),
        Case("approvals: [{ name: x, kinds: [ddl], action: hold, minimum: 0 }]", "config.yaml:7:61: expected a whole number from 1 to 100, found \"0\""),
        Case("approvals: [{ name: x, kinds: [ddl], action: hold, approvers: [] }]", "config.yaml:7:63: \"approvers\" is empty; name at least one, or leave the key out if it may be left out"),

        Case("canaries: [{}]",
            "config.yaml:7:12: a canary needs \"name\": a name of 1 to 100 characters",
            "config.yaml:7:12: a canary needs \"value\": the text that was planted, or \"valueFile\" with the path of a file that holds it"),
        Case("canaries: [{ name: x, valu: planted-value }]",
            "config.yaml:7:12: a canary needs \"value\": the text that was planted, or \"valueFile\" with the path of a file that holds it",
            "config.yaml:7:23: unknown key \"valu\"; did you mean \"value\"?"),
        Case("canaries: [{ name: x, value: planted }]", "config.yaml:7:30: expected a value of 8 to 256 bytes, found 7: what is shorter turns up by chance"),
        Case("canaries: [{ name: x, valueFile: none }]", "config.yaml:7:34: there is no file none"),
        Case("canaries: [{ name: x, listeners: [ap], value: planted-value }]", "config.yaml:7:35: there is no listener \"ap\"; did you mean \"app\"?"),
        Case("canaries:\n  - { name: x, value: planted-value }\n  - { name: x, value: another-value }", "config.yaml:9:13: a canary called \"x\" is above already; every canary of this list needs a name of its own"),
        Case("canaries:\n  - { name: x, value: planted-value }\n  - { name: y, value: planted-value }", "config.yaml:9:23: canary \"x\" has the same value"),
        Case("canaries: [{ name: the-planted-value, value: planted-value }]", "config.yaml:7:20: this name holds the value of a canary; names are shown, values are not"),

        Case("groups: [a]", "config.yaml:7:9: expected groups, each a name with a list of database logins (lines \"key: value\"); found a list"),
        Case("groups: { a: erin }", "config.yaml:7:14: expected a list ([a, b], or lines that begin with \"-\"), each item a name of 1 to 100 characters; found text"),
        Case("approvals: [{ name: x, kinds: [ddl], action: hold, mode: resubmitt }]", "config.yaml:7:58: expected one of wait, resubmit, found \"resubmitt\"; did you mean \"resubmit\"?"),
        Case("people: [{ name: dana, logins: [\"ap:d\"] }]", "config.yaml:7:33: there is no listener \"ap\"; did you mean \"app\"?"),
        Case("people: [{ name: dana, logins: [\"a b:d\"] }]", "config.yaml:7:33: there is no listener \"a b\"; expected a login, or a login behind a listener as in app:d"),
        Case("people: [{ name: dana, logins: [d] }, { name: omar, logins: [\"app:d\"] }]", "config.yaml:7:62: the login \"app:d\" is dana's already; a name belongs to one person"),
        Case("people: [{ name: dana, certificates: [CN=d] }, { name: omar, certificates: [cn=D] }]", "config.yaml:7:77: the certificate \"cn=D\" is dana's already; a name belongs to one person"),
        Case("people: [{ name: dana, certificates: [d] }]", "config.yaml:7:39: expected the subject of a certificate, such as \"CN=dana\", found \"d\""),
        Case("people: [{ name: dana }, { name: dana }]", "config.yaml:7:34: a person called \"dana\" is above already; every person of this list needs a name of its own"),
        Case("people: [{ name: dana, operators: [dan] }]\noperators: [{ name: dana, token: 0123456789abcdef }]", "config.yaml:7:36: there is no operator \"dan\"; did you mean \"dana\"?"),
        Case("people: [{ name: dana, operators: [d] }, { name: omar, operators: [d] }]\noperators: [{ name: d, token: 0123456789abcdef }]", "config.yaml:7:68: the operator \"d\" is dana already; a name belongs to one person"),
        Case("operators: [{ name: dana }]", "config.yaml:7:13: an operator needs \"token\": the secret that the operator shows, or \"tokenFile\" with the path of a file that holds it; or one of certificate, oidc, slack"),
        Case("operators: [{ name: dana, token: \"\" }]", "config.yaml:7:34: expected a secret that is not empty"),
        Case("operators: [{ name: dana, token: [hunter2] }]", "config.yaml:7:34: expected a secret that is not empty; found a list"),
        Case("operators: [{ name: dana, tokenFile: blank }]", "config.yaml:7:38: expected a token that is not blank"),
        Case("operators: [{ name: dana, token: \"${DANA}\" }]", "config.yaml:7:34: environment variable DANA is not set"),
        Case("operators: [{ name: dana, token: \"${DANA\" }]", "config.yaml:7:34: \"${\" without \"}\"; write $${ where ${ itself is meant"),
        Case("operators: [{ name: dana, token: \"${DA-NA}\" }]", "config.yaml:7:34: expected the name of an environment variable between \"${\" and \"}\": letters, digits and _"),
        Case("operators: [{ name: dana, token: 0123456789abcdef }, { name: erin, token: 0123456789abcdef }]", "config.yaml:7:75: operator \"dana\" has the same token; every operator needs a token of their own"),
        Case("operators: [{ name: dana, token: 0123456789abcdef }, { name: dana, token: 123456789abcdef0 }]", "config.yaml:7:62: an operator called \"dana\" is above already"),
        Case("operators: [{ name: dana, token:hunter2 }]",
            "config.yaml:7:13: an operator needs \"token\": the secret that the operator shows, or \"tokenFile\" with the path of a file that holds it; or one of certificate, oidc, slack",
            "config.yaml:7:27: unknown key \"token:…\" (a blank is missing after the colon); an operator has: name, groups, token, tokenFile, certificate, oidc, slack"),
        Case("operators: [{ name: dana, certificate: dana }]", "config.yaml:7:40: expected the subject of a certificate such as \"CN=dana, O=Example\", or email:…, dns:… or uri:… of its alternative names, found \"dana\""),
        Case("operators: [{ name: dana, certificate: CN=d }, { name: erin, certificate: \"cn = d\" }]", "config.yaml:7:75: operator \"dana\" has the same certificate; a decision must name exactly one person"),
        Case("operators: [{ name: dana, slack: dana }]", "config.yaml:7:34: expected the id of a Slack user such as U012AB3CD, found \"dana\""),
        Case("operators: [{ name: dana, slack: U1 }, { name: erin, slack: U1 }]", "config.yaml:7:61: operator \"dana\" has the same slack; a decision must name exactly one person"),
        Case("operators: [{ name: dana, oidc: d }, { name: erin, oidc: d }]", "config.yaml:7:58: operator \"dana\" has the same oidc; a decision must name exactly one person"),
        Case("control: { listen: \"127.0.0.1:1\" }\noperators: [{ name: dana, certificate: CN=dana }]",
            "config.yaml:8:1: operator \"dana\" has a client certificate, but \"control\" asks for none; expected control: { tls: { clientCa: … } }"),
        Case("control: { listen: \"127.0.0.1:1\" }\noperators: [{ name: dana, oidc: dana }]",
            "config.yaml:8:1: operator \"dana\" signs in at an OpenID provider, but \"control\" names none; expected control: { oidc: { issuer: …, audience: … } }"),
        Case("control: { listen: \"127.0.0.1:1\", oidc: {} }",
            "config.yaml:7:41: the OpenID provider's settings needs \"issuer\": the issuer's URL as it stands in its tokens, https, such as https://login.example.com",
            "config.yaml:7:41: the OpenID provider's settings needs \"audience\": a word of 1 to 200 characters without blanks"),
        Case("control: { listen: \"127.0.0.1:1\", oidc: { issuer: \"http://login.example.com\", audience: a } }",
            "config.yaml:7:51: expected the issuer's URL as it stands in its tokens, https, such as https://login.example.com, found \"http://login.example.com\""),
        Case("control: { listen: \"127.0.0.1:1\", oidc: { isuer: x } }",
            "config.yaml:7:41: the OpenID provider's settings needs \"issuer\": the issuer's URL as it stands in its tokens, https, such as https://login.example.com",
            "config.yaml:7:41: the OpenID provider's settings needs \"audience\": a word of 1 to 200 characters without blanks",
            "config.yaml:7:43: unknown key \"isuer\"; did you mean \"issuer\"?"),

        Case("channels: [{}]",
            "config.yaml:7:12: a channel needs \"name\": a name of 1 to 100 letters, digits, \"-\", \"_\" and \".\"",
            "config.yaml:7:12: a channel needs \"type\": one of slack, teams, webhook"),
        Case("channels: [{ name: a, type: slak }]", "config.yaml:7:29: expected one of slack, teams, webhook, found \"slak\"; did you mean \"slack\"?"),
        Case("channels: [{ name: a, type: webhook, url: \"http://siem.example\", secret: 0123456789abcdef0123456789abcdef }]", "config.yaml:7:43: expected an https URL"),
        Case("channels: [{ name: a, type: webhook, url: \"https://x.example\", secret: 0123456789abcdef0123456789abcdef }, { name: a, type: webhook, url: \"https://x.example\", secret: 0123456789abcdef0123456789abcdef }]", "config.yaml:7:116: a channel called \"a\" is above already"),
        Case("channels: [{ name: a, type: webhook, url: \"https://x.example\", secret: short }]", "config.yaml:7:72: expected a secret of 24 bytes or more; make one with: openssl rand -hex 32"),
        Case("channels: [{ name: a, type: webhook, url: \"https://x.example\", secret: \"whsec_***\" }]", "config.yaml:7:72: expected base64 after \"whsec_\""),
        Case("channels: [{ name: a, type: webhook, url: \"https://x.example\", secret: 0123456789abcdef0123456789abcdef, rules: [x] }]", "config.yaml:7:114: there is no rule \"x\" that could hold a statement"),
        Case("channels: [{ name: a, type: webhook, url: \"https://x.example\", secret: 0123456789abcdef0123456789abcdef, chanel: C1 }]",
            "config.yaml:7:106: unknown key \"chanel\"; a channel has: name, type, rules, url, urlFile, secret, secretFile"),
        Case("channels: [{ name: a, type: teams, url: \"https://x.example\" }]", "config.yaml:7:1: channel \"a\" takes decisions, and nothing says where; expected callbacks: { listen: …, url: … }"),
        Case("callbacks: { listen: \"0.0.0.0:1\", url: \"https://g.example\" }", "config.yaml:7:22: 0.0.0.0:1 is not a loopback address: decisions would cross the network in clear; expected tls: { certificate: …, key: … }"),
        Case("callbacks: { listen: \"127.0.0.1:1\", url: \"https://g.example/x\" }", "config.yaml:7:42: expected an https URL without a path, such as https://guardian.example.com, found \"https://g.example/x\""),
    ];

    /// <summary>What is added to the minimal listener.</summary>
    private static readonly TestCaseData[] ListenerAdditions =
    [
        Case("localInfile: true", "config.yaml:7:18: localInfile is for protocol mysql only; expected false"),
        Case("localInfile: yes", "config.yaml:7:18: expected true or false, found \"yes\""),
        Case("tls: { mode: maybe }", "config.yaml:7:18: expected one of off, prefer, require, found \"maybe\""),
        Case("tls: { mode: verify-full }", "config.yaml:7:18: expected one of off, prefer, require, found \"verify-full\""),
        Case("tls: { mode: require }", "config.yaml:7:10: tls settings needs \"certificate\": with mode require the proxy shows a certificate (PEM), with its \"key\""),
        Case("tls: { mode: prefer, certificate: server.crt }", "config.yaml:7:10: tls settings needs \"key\": certificate and private key go together"),
        Case("tls: { mode: prefer, certificate: server.crt, key: other.key }", "config.yaml:7:56: the private key in other.key does not belong to the certificate in server.crt, or is not a usable key"),
        Case("tls: { mode: prefer, certificate: server.key, key: server.key }", "config.yaml:7:39: server.key holds no certificate that can be read; expected PEM (-----BEGIN CERTIFICATE-----)"),
        Case("tls: { mode: prefer, certificate: server.crt, key: server.crt }", "config.yaml:7:56: server.crt holds no private key; expected PEM (-----BEGIN PRIVATE KEY-----)"),
        Case("tls: { mode: prefer, certificate: none.crt, key: server.key }", "config.yaml:7:39: there is no file none.crt"),
        Case("tls: { mode: prefer, certificate: server.crt, key: locked.key }", "config.yaml:7:56: the private key in locked.key has a passphrase; expected one without"),
        Case("upstreamTls: { mode: verify-ful }", "config.yaml:7:26: expected one of off, prefer, require, verify-full, found \"verify-ful\"; did you mean \"verify-full\"?"),
        Case("upstreamTls: { mode: verify-full, ca: blank }", "config.yaml:7:43: blank holds no certificate that can be read; expected PEM (-----BEGIN CERTIFICATE-----)"),
        Case("limits: { drainTimeout: soon }", "config.yaml:7:29: expected a duration such as 500ms, 90s, 10m or 1h, from 0s to 1d, found \"soon\""),
        Case("limits: { approvalLimits: {} }", "config.yaml:7:15: unknown key \"approvalLimits\"; limits has: maxConnections, maxConnectionsPerUser, loginTimeout, connectTimeout, maxStatementBytes, maxBufferedRowBytes, maxPipelinedRequests, maxPreparedStatements, maxConcurrentCancels, catalogTimeout, drainTimeout, writeTimeout"),
        Case("upstreem: 127.0.0.1:1", "config.yaml:7:5: unknown key \"upstreem\"; did you mean \"upstream\"?"),
    ];

    /// <summary>Whole files.</summary>
    private static readonly TestCaseData[] Files =
    [
        Case("", "config.yaml:1:1: the configuration needs \"listeners\": a list of at least one listener, each with name, protocol, listen and upstream"),
        Case("# nothing\n", "config.yaml:1:1: the configuration needs \"listeners\": a list of at least one listener, each with name, protocol, listen and upstream"),
        Case("listeners: []", "config.yaml:1:1: the configuration needs \"listeners\": a list of at least one listener, each with name, protocol, listen and upstream"),
        Case("listeners", "config.yaml:1:1: expected lines \"key: value\""),
        Case("listeners:\n\t- name: x\n", "config.yaml:2:1: not valid YAML: While scanning a mapping, found invalid tab as indentation."),
        Case("a: 'x\n", "config.yaml:1:4: not valid YAML: While scanning a quoted scalar, found unexpected end of stream."),
        Case("a: [1, 2\nb: 3\n", "config.yaml:1:4: not valid YAML: something that begins here or after this is not closed"),
        Case("a: &x 1\n", "config.yaml:1:4: anchors and aliases (& and *) are not supported; put text that begins with one of them in quotes"),
        Case("a: *.*.ssn\n", "config.yaml:1:4: anchors and aliases (& and *) are not supported; put text that begins with one of them in quotes"),
        Case("a: !x 1\n", "config.yaml:1:4: tags (!) are not supported; put text that begins with ! in quotes"),
        Case("? [a]\n: 1\n", "config.yaml:1:4: a key must be text"),
        Case("a: 1\n---\nb: 2\n", "config.yaml:2:1: a second document; the configuration is one YAML document"),
        Case("a: [[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]\n", "config.yaml:1:20: nested more than 16 levels deep"),
        Case(
            "listeners:\n  - name: a\n    protocol: mysql\n    listen: nowhere\n  - name: a\n    protocol: oracle\n    listen: 127.0.0.1:1\n    upstream: /tmp\n",
            "config.yaml:2:5: a listener needs \"upstream\": a host and port such as db.example.com:5432",
            "config.yaml:4:13: expected an IP address and port such as 127.0.0.1:6432, found \"nowhere\"",
            "config.yaml:5:11: a listener called \"a\" is above already; every listener needs a name of its own",
            "config.yaml:6:15: expected one of postgres, mysql, found \"oracle\"",
            "config.yaml:8:15: Unix sockets are not supported by this version; expected a host and port such as 127.0.0.1:5432"),
        Case(
            "masking: [{ name: x, columns: [a.b.c], with: redact }]\nlisteners:\n  - { name: a, protocol: postgres, listen: 127.0.0.1:1, upstream: h:1 }\n",
            "config.yaml:3:5: listener \"a\" needs \"catalog\": masking rule \"x\" is for it; expected catalog: { username: …, password: … }"),
        Case(
            "listeners:\n  - { name: a, protocol: postgres, listen: 127.0.0.1:1, upstream: 127.0.0.1:1 }\n",
            "config.yaml:2:44: listener \"a\" would connect to itself: listen and upstream are the same address"),
    ];

    [TestCaseSource(nameof(Additions))]
    public void A_wrong_addition_is_found_at_its_place(string addition, string[] expected) => Check(Yaml.Minimal + addition, expected);

    [TestCaseSource(nameof(ListenerAdditions))]
    public void A_wrong_key_of_a_listener_is_found_at_its_place(string addition, string[] expected) => Check($"{Yaml.Minimal}    {addition}\n", expected);

    [TestCaseSource(nameof(Files))]
    public void A_wrong_file_is_refused_with_all_that_is_wrong(string text, string[] expected) => Check(text, expected);

    [Test]
    public void What_came_from_the_environment_is_not_shown()
    {
        using var folder = new ConfigurationFolder();
        folder.Environment["SECRET"] = "hunter2";
        var errors = folder.Errors(Yaml.Minimal + "copies: ${SECRET}\ncontrol: { listen: \"${SECRET}\" }");
        Assert.That(errors, Is.EqualTo(new[]
        {
            "config.yaml:7:9: expected one of hold, deny, label, found what \"${SECRET}\" stands for",
            "config.yaml:8:20: expected an IP address and port such as 127.0.0.1:6432, found what \"${SECRET}\" stands for",
        }));
    }

    private static TestCaseData Case(string text, params string[] expected) =>
        new TestCaseData(text, expected).SetArgDisplayNames(text.ReplaceLineEnds());

    private static void Check(string yaml, string[] expected)
    {
        using var folder = new ConfigurationFolder()
            .WithCertificate("server").WithCertificate("other")
            .With("locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
            .With("empty", "\n").With("blank", " \n").With("good.token", "0123456789abcdef").With("config.yaml", yaml);
        Assert.That(folder.Errors(yaml).Select(error => error.Replace(folder.Root, ".", StringComparison.Ordinal)), Is.EqualTo(expected));
    }
}

file static class TestNames
{
    public static string ReplaceLineEnds(this string text) => text.Length == 0 ? "empty" : text.Replace("\n", "⏎", StringComparison.Ordinal);
}
