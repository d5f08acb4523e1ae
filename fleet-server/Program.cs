using Messaging.FleetServer.Hosting;

var app = FleetServerApplication.Build(new FleetServerOptions());
await app.RunAsync();
return 0;
