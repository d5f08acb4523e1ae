using System.Text.Json;
using System.Text.Json.Serialization;
using Messaging.FleetServer.Storage;

namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>The demo's own files. Both hold an API token: mode 0600.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(DemoReady))]
[JsonSerializable(typeof(DemoState))]
internal sealed partial class DemoJson : JsonSerializerContext
{
    /// <summary>What an earlier demo left; nothing when there is none or it cannot be read.</summary>
    public static DemoState LoadState(string path)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllBytes(path), Default.DemoState) is { } state
                ? state
                : new DemoState(null, null, null, null);
        }
        catch (JsonException)
        {
            // It only spares work: without it the demo makes a new token and finds free ports.
            return new DemoState(null, null, null, null);
        }
    }

    public static void Save(string path, DemoState state) =>
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(state, Default.DemoState));

    public static void Save(string path, DemoReady ready) =>
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(ready, Default.DemoReady));
}
