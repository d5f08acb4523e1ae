using System.Text.Json;
using Messaging.Cli.Hosting;
using Messaging.Commands;

namespace Messaging.Cli.Commands;

/// <summary>The arguments of a command, from the JSON that people write to the wire form.</summary>
internal static class CommandArguments
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The type's arguments in CBOR.</summary>
    /// <param name="kind">The type.</param>
    /// <param name="json">An object; null: no arguments.</param>
    /// <exception cref="CliException">They are none of this type.</exception>
    public static byte[] Encode(CommandKind kind, string? json)
    {
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(json) ? "{}" : json, Strict);
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
}
