using Messaging.Agent.Hosting;
using Messaging.Agent.Hosting.Footprint;

HugePages.Refuse();
NativeHeap.Limit();
return await CommandLine.RunAsync(args);
