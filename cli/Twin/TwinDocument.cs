using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;
using Messaging.Commands;
using Messaging.Twin;

namespace Messaging.Cli.Twin;

/// <summary>
/// A desired state as people write it in a file: JSON or INI (docs/operate/twin.md). Files may be named by a file beside it, or written as text.
/// </summary>
internal static class TwinDocument
{
    private const int MaxBytes = 1024 * 1024;
    private static readonly JsonDocumentOptions Json = new() { AllowDuplicateProperties = false, MaxDepth = 8, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="path">The file.</param>
    /// <param name="nextVersion">For a document that has none.</param>
    /// <exception cref="CliException">It is none; the message says where and what would be right.</exception>
    public static DesiredState Read(string path, long nextVersion)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(SmallFile.Read(path, MaxBytes));
        }
        catch (DecoderFallbackException)
        {
            throw new CliException($"{path} is not UTF-8.", ExitCodes.Usage);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var document = text.TrimStart().StartsWith('{') ? OfJson(path, text) : TwinIni.Read(path, text);
        Fill(path, folder, document);
        document["version"] ??= nextVersion;
        return Decode(path, document);
    }

    /// <summary>What the server shows.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static DesiredState Of(JsonElement document) => Decode("the server's document", JsonNode.Parse(document.GetRawText())!.AsObject());

    private static JsonObject OfJson(string path, string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Json) as JsonObject ?? throw new CliException($"{path} is no JSON object.", ExitCodes.Usage);
        }
        catch (JsonException e)
        {
            throw new CliException($"{path} is not JSON: {e.Message}", ExitCodes.Usage);
        }
    }

    /// <summary>Content that is somewhere else, and modes as people write them.</summary>
    private static void Fill(string path, string folder, JsonObject document)
    {
        if (document["files"] is not JsonObject files)
        {
            return;
        }

        foreach (var (name, node) in files.ToList())
        {
            if (node is not JsonObject file)
            {
                throw new CliException($"{path}: files.{name}: a file is an object with one of content, text and from, and mode.", ExitCodes.Usage);
            }

            if (file["mode"] is JsonValue mode && mode.TryGetValue<string>(out var octal))
            {
                file["mode"] = Mode(octal) ?? throw new CliException($"{path}: files.{name}.mode: '{octal}' is no mode such as 0644.", ExitCodes.Usage);
            }

            if (Take(file, "text") is { } text)
            {
                file.TryAdd("content", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
            }
            else if (Take(file, "from") is { } from)
            {
                file.TryAdd("content", Convert.ToBase64String(SmallFile.Read(Path.Combine(folder, from), FileReadArguments.MaxBytes)));
            }
        }
    }

    /// <summary>Octal, such as 0644; null when it is none.</summary>
    public static int? Mode(string text)
    {
        var mode = 0;
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7' || text.Length > 4)
            {
                return null;
            }

            mode = (8 * mode) + (digit - '0');
        }

        return text.Length > 0 && mode <= FileWriteArguments.MaxMode ? mode : null;
    }

    private static string? Take(JsonObject file, string name)
    {
        if (file[name] is not JsonValue value || !value.TryGetValue<string>(out var text))
        {
            return null;
        }

        file.Remove(name);
        return text;
    }

    private static DesiredState Decode(string path, JsonObject document)
    {
        try
        {
            using var parsed = JsonDocument.Parse(document.ToJsonString());
            var reader = new Commands.ArgumentReader(CommandTypes.DesiredSet, parsed.RootElement);
            var state = reader.Desired();
            reader.End();
            return state;
        }
        catch (InvalidOperationException e)
        {
            throw new CliException($"{path}: {e.Message}", ExitCodes.Usage);
        }
        catch (CliException e)
        {
            throw new CliException($"{path}: {e.Message}", e.Code);
        }
    }
}
