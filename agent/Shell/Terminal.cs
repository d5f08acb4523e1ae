using System.Runtime.InteropServices;
using System.Text;
using Messaging.Sessions;

namespace Messaging.Agent.Shell;

/// <summary>The master side of a pseudo terminal; not blocking, and not for children. Thread-safe but for Dispose.</summary>
internal sealed unsafe class Terminal : IDisposable
{
    private const int MaxName = 128;

    private Terminal(int descriptor, string path)
    {
        Descriptor = descriptor;
        Path = path;
    }

    public int Descriptor { get; private set; }

    /// <summary>The side for programs, such as <c>/dev/pts/3</c>.</summary>
    public string Path { get; }

    /// <exception cref="IOException">There is none to be had.</exception>
    public static Terminal Open(TerminalSize size)
    {
        var descriptor = TerminalNative.OpenTerminal(
            TerminalNative.ReadWrite | TerminalNative.NoControllingTerminal | TerminalNative.CloseOnExec | TerminalNative.NonBlocking);
        if (descriptor < 0)
        {
            throw Failed("no terminal can be opened");
        }

        var name = stackalloc byte[MaxName];
        if (TerminalNative.Grant(descriptor) != 0 || TerminalNative.Unlock(descriptor) != 0 || TerminalNative.Name(descriptor, name, MaxName) != 0)
        {
            var failure = Failed("the terminal cannot be given to a program");
            _ = TerminalNative.Close(descriptor);
            throw failure;
        }

        var terminal = new Terminal(descriptor, Marshal.PtrToStringUTF8((nint)name)!);
        terminal.Resize(size);
        return terminal;
    }

    /// <summary>Tells the programs on it that it has another size.</summary>
    public void Resize(TerminalSize size) => _ = TerminalNative.SetSize(Descriptor, size.Columns, size.Rows);

    /// <summary>Programs on it see it hang up.</summary>
    public void Dispose()
    {
        if (Descriptor >= 0)
        {
            _ = TerminalNative.Close(Descriptor);
            Descriptor = -1;
        }
    }

    internal static IOException Failed(string what) => Failed(what, Marshal.GetLastPInvokeError());

    internal static IOException Failed(string what, int error)
    {
        var text = new StringBuilder(what).Append(": ").Append(Marshal.GetPInvokeErrorMessage(error));
        return new IOException(text.ToString());
    }
}
