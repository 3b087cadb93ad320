using WireGuardian.Cli;

return await Wgctl.RunAsync(args, Surroundings.OfThisProcess(), CancellationToken.None);
