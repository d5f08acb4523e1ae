namespace Messaging.FleetServer.Files;

/// <summary>The endpoint answers with what a device sent: a browser must not take it for a part of the dashboard.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DownloadAttribute : Attribute;
