namespace Messaging.Bench.Brokers;

/// <summary>A load.</summary>
/// <param name="Name">As it is printed.</param>
/// <param name="Publishers">Clients that publish to one topic.</param>
/// <param name="Subscribers">Clients that have subscribed it.</param>
/// <param name="Quality">QoS of both.</param>
/// <param name="Messages">Of each publisher.</param>
/// <param name="AtOnce">Messages in one write of a publisher.</param>
/// <param name="Window">Of QoS 1, messages without their acknowledgement.</param>
/// <param name="IsKept">Whether the subscribers' sessions outlive their connections.</param>
internal sealed record Shape(
    string Name, int Publishers, int Subscribers, int Quality, int Messages, int AtOnce = 64, int Window = 500, bool IsKept = false);
