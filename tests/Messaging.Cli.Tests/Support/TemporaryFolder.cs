namespace Messaging.Cli.Tests.Support;

/// <summary>A folder of the test's own, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = Directory.CreateTempSubdirectory("fleetctl-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates or overwrites a file, mode 0600 unless said otherwise.</summary>
    public string Write(string name, string content, UnixFileMode mode = OwnerFile)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path, content);
        System.IO.File.SetUnixFileMode(path, mode);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
