using System.Text.Json.Nodes;
using Messaging.Commands;
using Messaging.Twin;

namespace Messaging.FleetServer.Commands;

/// <summary>JSON Schema of what stands in a desired state. The readers look closer: <see cref="TwinText"/>.</summary>
internal static class TwinSchema
{
    public const string Setting = "^[A-Za-z0-9._-]+:[A-Za-z0-9:._-]+$";
    public const string Path = "^/";
    public const string App = "^[A-Za-z][A-Za-z0-9._-]*$";

    public static JsonObject File(int maxBytes) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["content"] = new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64", ["maxLength"] = 4 * ((maxBytes + 2) / 3) },
            ["mode"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = FileWriteArguments.MaxMode },
        },
        ["required"] = new JsonArray("content"),
        ["additionalProperties"] = false,
    };

    public static JsonObject Value(int maxBytes) => new() { ["type"] = new JsonArray("string", "number", "boolean"), ["maxLength"] = maxBytes };
}
