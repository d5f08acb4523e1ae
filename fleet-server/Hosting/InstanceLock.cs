namespace Messaging.FleetServer.Hosting;

/// <summary>Holds the data folder for one process (flock): two servers on one folder would each undo what the other does.</summary>
internal sealed class InstanceLock : IDisposable
{
    private const string Name = "lock";
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Null when another process has the folder. The lock ends with the process, however it ends.</summary>
    public static InstanceLock? TryTake(string folder)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new InstanceLock(new FileStream(Path.Combine(folder, Name), options));
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
