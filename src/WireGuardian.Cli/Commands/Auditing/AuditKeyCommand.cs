using System.CommandLine;
using System.Text.Json;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands.Auditing;

/// <summary><c>wgctl audit key</c></summary>
internal static class AuditKeyCommand
{
    public static Command Create(Session session)
    {
        var command = new Command("key", "Print the public keys that receipts and checkpoints are signed with, as PEM. Keep them where the server cannot write.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var response = await session.AskAsync(
                parsed, (server, call) => server.GetSigningKeysAsync(new GetSigningKeysRequest(), call), cancellationToken);
            var output = session.Surroundings.Out;
            if (session.Json(parsed))
            {
                Json.WriteObject(output, response, Write);
                return ExitCodes.Done;
            }
            foreach (var key in response.Keys)
            {
                // What stands outside of the PEM's lines is for people.
                output.WriteLine(TerminalText.OneLine($"{key.Id}{(key == response.Keys[^1] ? ", in use" : "")}"));
                foreach (var line in TerminalText.Lines(key.Pem.TrimEnd()))
                    output.WriteLine(line);
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, GetSigningKeysResponse response)
    {
        json.WriteStartObject();
        json.WriteStartArray("keys");
        foreach (var key in response.Keys)
        {
            json.WriteStartObject();
            json.WriteString("id", key.Id);
            json.WriteString("pem", key.Pem);
            json.WriteBoolean("inUse", key == response.Keys[^1]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("newestCheckpoint");
        if (response.NewestCheckpoint is { } checkpoint)
            ReceiptJson.Write(json, checkpoint);
        else
            json.WriteNullValue();
        json.WriteEndObject();
    }
}
