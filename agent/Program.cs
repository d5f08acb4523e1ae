using Messaging.Agent.Hosting;
using Messaging.Agent.Hosting.Footprint;

NativeHeap.Limit();
return await CommandLine.RunAsync(args);
