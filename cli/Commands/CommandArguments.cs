using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Cli.Hosting;
using Messaging.Commands;
using Messaging.Commands.Catalog;

namespace Messaging.Cli.Commands;

/// <summary>The arguments of a command, from the JSON that people write to the wire form.</summary>
internal static class CommandArguments
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The type's arguments in CBOR.</summary>
    /// <param name="kind">The type.</param>
    /// <param name="json">An object; null: no arguments.</param>
    /// <param name="file">A file's content, for the argument that is long; null: none.</param>
    /// <exception cref="CliException">They are none of this type.</exception>
    public static byte[] Encode(CommandKind kind, string? json, byte[]? file = null)
    {
        try
        {
            using var document = JsonDocument.Parse(With(kind, string.IsNullOrWhiteSpace(json) ? "{}" : json, file), Strict);
            var reader = new ArgumentReader(kind.Type, document.RootElement);
            var encoded = kind.Encode(reader);
            reader.End();
            return encoded.Length <= Command.MaxArgumentBytes
                ? encoded
                : throw new CliException($"The arguments have more than {Command.MaxArgumentBytes} bytes.", ExitCodes.Usage);
        }
        catch (JsonException e)
        {
            throw new CliException($"--args is not JSON: {e.Message} Write it as --args '{{\"name\":\"value\"}}'.", ExitCodes.Usage);
        }
        catch (InvalidOperationException)
        {
            // JSON can escape half of a surrogate pair; reading such a text throws.
            throw new CliException("--args has text that is no Unicode: half of a surrogate pair.", ExitCodes.Usage);
        }
    }

    /// <summary>The script of run-inline is text, what file-write writes are bytes.</summary>
    private static string With(CommandKind kind, string json, byte[]? file)
    {
        if (file is null)
        {
            return json;
        }

        var argument = kind.Info.Arguments.FirstOrDefault(one => one.IsLong)
            ?? throw new CliException($"{kind.Type} takes no file.", ExitCodes.Usage);
        if (JsonNode.Parse(json, documentOptions: Strict) is not JsonObject arguments)
        {
            return json;
        }

        if (!arguments.TryAdd(argument.Name, argument.Kind == ArgumentKind.Base64 ? Convert.ToBase64String(file) : Encoding.UTF8.GetString(file)))
        {
            throw new CliException($"--args: {kind.Type}'s argument {argument.Name} is given twice, as --file is.", ExitCodes.Usage);
        }

        return arguments.ToJsonString();
    }
}
