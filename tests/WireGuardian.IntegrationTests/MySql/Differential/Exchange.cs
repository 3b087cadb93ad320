using WireGuardian.IntegrationTests.Differential;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>A client's script: what it sends and how much of the answer it awaits before it goes on.</summary>
/// <param name="Name">File and title, unique.</param>
/// <param name="Only">The one server that can play it; null for both.</param>
/// <param name="Steps">In order, over one or several connections.</param>
public sealed record Exchange(string Name, MySqlFlavour? Only, IReadOnlyList<Step> Steps);

/// <param name="Connection">By number; 1 unless the script says otherwise.</param>
public abstract record Step(int Connection);

/// <summary>Sends a message; its answer is read to its end where <paramref name="Awaits"/> says so.</summary>
public sealed record SendStep(int Connection, string Message, IReadOnlyList<Token> Arguments, bool Awaits) : Step(Connection);

/// <summary>Reads <paramref name="Count"/> answers of a shape.</summary>
public sealed record ReceiveStep(int Connection, AnswerShape Shape, int Count) : Step(Connection);

/// <summary>Reads until the server closes.</summary>
public sealed record ReceiveToEndStep(int Connection) : Step(Connection);
