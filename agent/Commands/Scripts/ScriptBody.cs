using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>A script in a file that has no name in any folder (memfd): only the agent's user can open it, as long as the agent holds it.</summary>
internal sealed partial class ScriptBody : IDisposable
{
    private const uint CloseOnExec = 1;
    private readonly SafeFileHandle _file;

    /// <exception cref="IOException">There is no memory for it.</exception>
    public ScriptBody(ReadOnlySpan<byte> body)
    {
        _file = Create("messaging-agent-script", CloseOnExec);
        if (_file.IsInvalid)
        {
            throw new IOException("The script cannot be kept in memory: " + Marshal.GetLastPInvokeErrorMessage());
        }

        RandomAccess.Write(_file, body, 0);
        Path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{(int)_file.DangerousGetHandle()}");
    }

    /// <summary>What an interpreter opens.</summary>
    public string Path { get; }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Create(string name, uint flags);
}
