using System.Text.Json;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;

namespace Messaging.Cli.Configuration;

/// <summary>The configuration file: JSON, mode 0600.</summary>
/// <param name="path">Where; absolute.</param>
internal sealed class ConfigFile(string path)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary><c>~/.config/fleetctl/config.json</c></summary>
    public static string DefaultPath { get; } = System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "fleetctl", "config.json");

    public string Path => path;

    public string Folder => System.IO.Path.GetDirectoryName(path)!;

    /// <summary>Nothing when there is no such file.</summary>
    /// <exception cref="CliException">It is there and is none.</exception>
    public StoredConfiguration Load()
    {
        if (!File.Exists(path))
        {
            return new StoredConfiguration();
        }

        try
        {
            return JsonSerializer.Deserialize(SmallFile.Read(path, MaxBytes), ConfigurationJson.Default.StoredConfiguration) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new CliException($"{path} is no configuration of fleetctl: {e.Message} Mend it, or remove it and run: fleetctl config set", ExitCodes.Usage);
        }
    }

    /// <summary>Durable when this returns.</summary>
    public void Save(StoredConfiguration configuration)
    {
        DurableFile.CreatePrivateFolder(Folder);
        DurableFile.Replace(path, [.. JsonSerializer.SerializeToUtf8Bytes(configuration, ConfigurationJson.Default.StoredConfiguration), (byte)'\n']);
    }
}
