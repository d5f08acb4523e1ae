using System.Text.Json.Serialization;

namespace Messaging.FleetServer.Devices;

/// <summary>The parts of a device that the registry keeps as JSON text.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, long>))]
[JsonSerializable(typeof(List<RetiredIdentity>))]
internal sealed partial class DeviceJson : JsonSerializerContext;
