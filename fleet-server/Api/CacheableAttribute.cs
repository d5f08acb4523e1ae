namespace Messaging.FleetServer.Api;

/// <summary>The endpoint says itself how long its answer may be kept: it is the same for everybody.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CacheableAttribute : Attribute;
