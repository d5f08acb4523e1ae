using Messaging.Agent.Hosting;

return await CommandLine.RunAsync(args);
