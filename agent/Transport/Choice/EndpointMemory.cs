using System.Text;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Transport.Choice;

/// <summary>The address that worked last, over restarts. Only a hint: a lost one costs some attempts.</summary>
internal sealed class EndpointMemory(IDisk disk, string path)
{
    private const int MaxBytes = 2048;

    /// <summary>Null when there is none, or it cannot be read.</summary>
    public string? Load()
    {
        try
        {
            return AtomicFile.Read(disk, path, MaxBytes) is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string address) => AtomicFile.Write(disk, path, Encoding.UTF8.GetBytes(address));
}
