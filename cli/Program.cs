return await Messaging.Cli.Hosting.CommandLine.RunAsync(args, Console.Out, Console.Error);
