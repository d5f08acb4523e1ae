namespace Messaging.EndToEnd.Harness;

/// <summary>A folder of the test's own. It is kept when <c>MESSAGING_KEEP_SCRATCH</c> is set, to look into after a failure.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder() => Path = Directory.CreateTempSubdirectory("messaging-e2e-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("MESSAGING_KEEP_SCRATCH") is null)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
