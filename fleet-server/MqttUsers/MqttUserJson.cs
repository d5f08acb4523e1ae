using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Messaging.FleetServer.MqttUsers;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MqttUserList))]
internal sealed partial class MqttUserJson : JsonSerializerContext
{
    private static MqttUserJson? _plain;

    /// <summary>For people, too: '+' stays '+'.</summary>
    public static MqttUserJson Plain => _plain ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
