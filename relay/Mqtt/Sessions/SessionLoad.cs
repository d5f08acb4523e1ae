using System.Runtime.InteropServices;

namespace Messaging.Relay.Mqtt.Sessions;

/// <summary>What a session has to bear.</summary>
/// <param name="Subscriptions">How many it has.</param>
/// <param name="Waiting">Messages of QoS 1 and 2 that wait for room.</param>
/// <param name="WaitingBytes">Bytes of these.</param>
/// <param name="InFlight">Messages of QoS 1 and 2 that are not acknowledged yet.</param>
/// <param name="Dropped">Messages that it did not get since it, or this process, began.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SessionLoad(int Subscriptions, int Waiting, long WaitingBytes, int InFlight, long Dropped);
