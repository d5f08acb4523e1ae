using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Commands;
using Messaging.Sessions;
using Messaging.Twin;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Commands;

/// <summary>
/// The arguments of a command that was signed elsewhere, as the API names them: so that people see what was asked for. From untrusted
/// bytes; what is none of the type shows as no arguments, and the device refuses it. What is secret is left out.
/// </summary>
internal static class ArgumentsJson
{
    public static string Of(string type, ReadOnlySpan<byte> args) => Read(type, args)?.ToJsonString() ?? "{}";

    private static JsonObject? Read(string type, ReadOnlySpan<byte> args) => type switch
    {
        CommandTypes.Collect when CollectArguments.TryDecode(args, out var collect) => new JsonObject { ["collectors"] = Texts(collect.Collectors) },
        CommandTypes.SetIntervals when SetIntervalsArguments.TryDecode(args, out var set) => new JsonObject { ["intervals"] = Intervals(set.Intervals) },
        CommandTypes.RestartUnit when RestartUnitArguments.TryDecode(args, out var restart) => new JsonObject { ["unit"] = restart.Unit },
        CommandTypes.RunScript when RunScriptArguments.TryDecode(args, out var script) =>
            With(new JsonObject { ["name"] = script.Name, ["arguments"] = Texts(script.Arguments) }, script.Limits!),
        CommandTypes.RunInline when RunInlineArguments.TryDecode(args, out var inline) => With(
            new JsonObject { ["interpreter"] = inline.Interpreter, ["body"] = Encoding.UTF8.GetString(inline.Body.Span), ["arguments"] = Texts(inline.Arguments) }, inline.Limits),
        CommandTypes.Cancel when CancelArguments.TryDecode(args, out var cancelled) => new JsonObject { ["command"] = cancelled.ToString() },
        CommandTypes.FileRead when FileReadArguments.TryDecode(args, out var read) =>
            new JsonObject { ["path"] = read.Path, ["offset"] = read.Offset, ["length"] = read.Length },
        CommandTypes.FileWrite when FileWriteArguments.TryDecode(args, out var write) => new JsonObject
        {
            ["path"] = write.Path,
            ["content"] = Convert.ToBase64String(write.Bytes.Span),
            ["mode"] = write.Mode,
            ["expected"] = write.Expected is { } expected ? Convert.ToHexStringLower(expected.Span) : null,
        },
        CommandTypes.Packages when PackagesArguments.TryDecode(args, out var packages) => With(
            new JsonObject
            {
                ["action"] = PackagesArguments.Word(packages.Action),
                ["packages"] = Texts([.. packages.Packages.Select(package => package.ToString())]),
                ["allowDowngrade"] = packages.AllowDowngrade,
                ["recommends"] = packages.WithRecommends,
            },
            packages.Limits),
        CommandTypes.GpioSet when GpioSetArguments.TryDecode(args, out var gpio) =>
            new JsonObject { ["name"] = gpio.Name, ["value"] = gpio.Value, ["pulse"] = gpio.Pulse is { } pulse ? (long)pulse.TotalMilliseconds : null },
        CommandTypes.PwmSet when PwmSetArguments.TryDecode(args, out var pwm) => new JsonObject { ["name"] = pwm.Name, ["duty"] = pwm.Permille / 1000.0 },
        CommandTypes.App when AppArguments.TryDecode(args, out var app) => new JsonObject
        {
            ["name"] = app.Name,
            ["arguments"] = Texts(app.Arguments),
            ["payload"] = app.Payload.IsEmpty ? null : Convert.ToBase64String(app.Payload.Span),
        },
        CommandTypes.Shell when ShellArguments.TryDecode(args, out var shell) => new JsonObject
        {
            ["session"] = shell.SessionId.ToString(),
            ["terminal"] = shell.Terminal,
            ["columns"] = shell.Size.Columns,
            ["rows"] = shell.Size.Rows,
        },
        CommandTypes.Push when PushArguments.TryDecode(args, out var push) => new JsonObject
        {
            ["session"] = push.SessionId.ToString(),
            ["path"] = push.Path,
            ["size"] = push.Size,
            ["mode"] = push.Mode,
            ["sha256"] = Convert.ToHexStringLower(push.Sha256.Span),
            ["expected"] = push.Expected is { } replaced ? Convert.ToHexStringLower(replaced.Span) : null,
        },
        CommandTypes.Pull when PullArguments.TryDecode(args, out var pull) =>
            new JsonObject { ["session"] = pull.SessionId.ToString(), ["path"] = pull.Path, ["offset"] = pull.Offset, ["largest"] = pull.Largest },
        CommandTypes.Update when UpdateArguments.TryDecode(args, out var update) => new JsonObject
        {
            ["target"] = update.Target,
            ["length"] = update.Length,
            ["sha256"] = Convert.ToHexStringLower(update.Sha256.Span),

            // Who may see commands need not be able to read the release.
            ["encrypted"] = update.Key is not null,
            ["mirrors"] = Texts(update.Mirrors),
            ["seconds"] = update.Seconds,
            ["spread"] = update.SpreadSeconds,
        },
        CommandTypes.DesiredSet when DesiredState.TryDecode(args, out var desired) => JsonNode.Parse(Desired(desired))!.AsObject(),
        _ => null,
    };

    private static byte[] Desired(DesiredState desired)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            DesiredJson.Write(json, desired);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>With those that are asked for.</summary>
    private static JsonObject With(JsonObject arguments, RunLimits limits)
    {
        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            ("timeout", limits.TimeoutSeconds), ("memory", limits.MemoryBytes), ("processes", limits.Processes), ("cpu", limits.CpuPermille / 1000.0),
            ("outputBytes", limits.OutputBytes),
        })
        {
            if (value is not null)
            {
                arguments[name] = value;
            }
        }

        return arguments;
    }

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonObject Intervals(IReadOnlyList<KeyValuePair<string, TimeSpan>> intervals)
    {
        var result = new JsonObject();
        foreach (var (name, interval) in intervals)
        {
            // A name that is there twice: the device decides which one counts; the last one is shown.
            result[name] = (long)interval.TotalMilliseconds;
        }

        return result;
    }
}
