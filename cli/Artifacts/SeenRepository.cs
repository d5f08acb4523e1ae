using System.Text.Json;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;

namespace Messaging.Cli.Artifacts;

/// <summary>The newest that this machine has seen of each fleet's repository: so that nobody can have an owner sign what is built on something older or other.</summary>
/// <param name="folder">Where it is kept.</param>
internal sealed class SeenRepository(string folder)
{
    private const int MaxBytes = 4096;

    /// <summary>Null when nothing was seen yet.</summary>
    /// <exception cref="CliException">What is kept is damaged.</exception>
    public SeenVersions? Load(ReadOnlySpan<byte> fleet)
    {
        var path = PathOf(fleet);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(SmallFile.Read(path, MaxBytes), SeenJson.Default.SeenVersions);
        }
        catch (JsonException)
        {
            throw new CliException($"{path} is damaged. It keeps the newest that this machine has seen of the repository. Remove it to begin with what the server shows.");
        }
    }

    /// <summary>Durable when this returns.</summary>
    public void Save(ReadOnlySpan<byte> fleet, SeenVersions seen)
    {
        DurableFile.CreatePrivateFolder(folder);
        DurableFile.Replace(PathOf(fleet), JsonSerializer.SerializeToUtf8Bytes(seen, SeenJson.Default.SeenVersions));
    }

    private string PathOf(ReadOnlySpan<byte> fleet) => Path.Combine(folder, Convert.ToHexStringLower(fleet) + ".json");
}
