namespace Messaging.Relay.Tests.Channels;

/// <summary>A folder for a relay's file.</summary>
public abstract class ChannelFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("channels-test-");

    protected string FilePath => Path.Combine(_folder.FullName, "relay.db");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
