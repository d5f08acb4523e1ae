using System.Runtime.InteropServices;

namespace Messaging.Cli.Sessions;

/// <summary>
/// The terminal of this process while another one is shown in it: every key goes to the device, Ctrl+C included. Dispose makes it what it was.
/// </summary>
internal sealed unsafe partial class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int Now = 0;

    /// <summary>More than any C library's termios takes.</summary>
    private const int StructBytes = 512;
    private readonly byte[] _before = new byte[StructBytes];
    private readonly bool _isRaw;
    private bool _isDisposed;

    public RawTerminal()
    {
        if (OperatingSystem.IsWindows() || Console.IsInputRedirected)
        {
            return;
        }

        var raw = new byte[StructBytes];
        fixed (byte* before = _before)
        fixed (byte* after = raw)
        {
            if (Get(StandardInput, before) == 0)
            {
                _before.CopyTo(raw, 0);
                MakeRaw(after);
                _isRaw = Set(StandardInput, Now, after) == 0;
            }
        }
    }

    /// <summary>Whether somebody types here, key by key.</summary>
    public bool IsRaw => _isRaw && !_isDisposed;

    public void Dispose()
    {
        if (IsRaw)
        {
            fixed (byte* before = _before)
            {
                _ = Set(StandardInput, Now, before);
            }
        }

        _isDisposed = true;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int Get(int descriptor, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int Set(int descriptor, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* settings);
}
