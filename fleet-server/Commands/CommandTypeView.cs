using System.Text.Json.Nodes;
using Messaging.Commands.Catalog;
using Messaging.FleetServer.Api;
using Messaging.Trust;

namespace Messaging.FleetServer.Commands;

/// <summary>A type of command as the API shows it.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Help">One line for people.</param>
/// <param name="Idempotent">Running it twice does no harm.</param>
/// <param name="BoundToBoot">It runs only in the boot of the device that it is signed for.</param>
/// <param name="Streams">What it writes comes while it runs.</param>
/// <param name="ExpiresIn">How long it may wait when nobody says, in seconds.</param>
/// <param name="Roles">Who may have it run, by the policy that holds where the owners made no rule.</param>
/// <param name="Arguments">JSON Schema (2020-12) of its arguments.</param>
internal sealed record CommandTypeView(
    string Type, string Help, bool Idempotent, bool BoundToBoot, bool Streams, long ExpiresIn, IReadOnlyList<string> Roles, RawJson Arguments)
{
    public static IReadOnlyList<CommandTypeView> All { get; } = [.. CommandTypeCatalog.All.Select(Of)];

    private static CommandTypeView Of(CommandType type) => new(
        type.Name, type.Help, type.IsIdempotent, type.IsBoundToBoot, type.Streams, (long)type.Expiry.TotalSeconds, Policy.Default.RuleFor(type.Name).Roles,
        new RawJson(Schema(type).ToJsonString()));

    private static JsonObject Schema(CommandType type) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["type"] = "object",
        ["properties"] = new JsonObject([.. type.Arguments.Select(argument => KeyValuePair.Create<string, JsonNode?>(argument.Name, Schema(argument)))]),
        ["required"] = new JsonArray([.. type.Arguments.Where(argument => argument.IsRequired).Select(argument => (JsonNode)argument.Name)]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Schema(CommandArgument argument)
    {
        var schema = argument.Kind switch
        {
            ArgumentKind.Text => Text((int)argument.Max, argument.IsLong),
            ArgumentKind.Texts => new JsonObject { ["type"] = "array", ["maxItems"] = argument.MaxCount, ["items"] = new JsonObject { ["type"] = "string", ["maxLength"] = argument.Max } },
            ArgumentKind.Boolean => new JsonObject { ["type"] = "boolean" },
            ArgumentKind.Whole => Number("integer", argument),
            ArgumentKind.Share => Number("number", argument),
            ArgumentKind.Intervals => new JsonObject
            {
                ["type"] = "object",
                ["minProperties"] = 1,
                ["maxProperties"] = argument.MaxCount,
                ["additionalProperties"] = new JsonObject { ["type"] = "integer", ["minimum"] = argument.Min, ["maximum"] = argument.Max },
            },
            ArgumentKind.Base64 => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64", ["maxLength"] = 4 * (((int)argument.Max + 2) / 3) },
            ArgumentKind.Settings => Names(argument, TwinSchema.Setting, new JsonObject { ["type"] = "string", ["maxLength"] = argument.Max }),
            ArgumentKind.Files => Names(argument, TwinSchema.Path, TwinSchema.File((int)argument.Max)),
            ArgumentKind.Values => Names(argument, TwinSchema.App, TwinSchema.Value((int)argument.Max)),
            ArgumentKind.Id => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9a-f]{32}$" },
            ArgumentKind.Hash => new JsonObject { ["type"] = "string", ["pattern"] = argument.IsRequired ? "^[0-9a-f]{64}$" : "^([0-9a-f]{64})?$" },
            ArgumentKind.Choice => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. argument.Choices.Select(choice => (JsonNode)choice)]) },
            _ => throw new ArgumentOutOfRangeException(nameof(argument), argument.Kind, "Not a kind of argument."),
        };
        schema["description"] = argument.Help;
        if (argument.IsSecret)
        {
            schema["writeOnly"] = true;
        }

        return schema;
    }

    private static JsonObject Names(CommandArgument argument, string pattern, JsonObject value) => new()
    {
        ["type"] = "object",
        ["maxProperties"] = argument.MaxCount,
        ["propertyNames"] = new JsonObject { ["pattern"] = pattern },
        ["additionalProperties"] = value,
    };

    private static JsonObject Text(int max, bool isLong)
    {
        var schema = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = max };
        if (isLong)
        {
            schema["format"] = "long-text";
        }

        return schema;
    }

    private static JsonObject Number(string type, CommandArgument argument) => new() { ["type"] = type, ["minimum"] = argument.Min, ["maximum"] = argument.Max };
}
