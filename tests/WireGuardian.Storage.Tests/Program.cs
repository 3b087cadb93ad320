using WireGuardian.Storage.Tests.Audit;

return args is ["crash-writer", var directory] ? await CrashWriter.RunAsync(directory) : 2;
