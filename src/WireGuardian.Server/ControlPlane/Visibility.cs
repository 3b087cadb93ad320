using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("WireGuardian.ControlPlane.Tests")]
[assembly: InternalsVisibleTo("WireGuardian.Cli.Tests")]
[assembly: InternalsVisibleTo("WireGuardian.Server.Tests")]
