return await Messaging.FleetServer.Hosting.CommandLine.RunAsync(args);
