namespace Messaging.FleetServer.Pauses;

/// <param name="Seconds">How long metrics and logs are kept back, from now.</param>
internal sealed record PauseRequest(int Seconds);
