using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("WireGuardian.ControlPlane.Tests")]
