namespace Messaging.Twin;

/// <summary>A value of the device's own programs as it is wanted.</summary>
/// <param name="Name">Such as <c>pump.speed</c>.</param>
/// <param name="Value">What it is to be.</param>
public sealed record DesiredApp(string Name, AppValue Value);
