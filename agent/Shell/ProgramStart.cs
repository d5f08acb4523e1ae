using System.Runtime.InteropServices;
using System.Text;

namespace Messaging.Agent.Shell;

/// <summary>Starts a program with a terminal as its own: in a session of its own, with the default for every signal, and nothing of the agent's open.</summary>
internal static unsafe class ProgramStart
{
    /// <param name="terminal">The path of the side for programs.</param>
    /// <param name="program">Absolute.</param>
    /// <param name="words">What the program is told that it is called (with a dash, it is a login shell), and its arguments.</param>
    /// <param name="folder">Where it begins; where that does not work, in the agent's.</param>
    /// <param name="environment">All that it gets: <c>NAME=value</c>.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static ChildProgram OnTerminal(string terminal, string program, IReadOnlyList<string> words, string folder, IReadOnlyList<string> environment)
    {
        var attributes = stackalloc byte[TerminalNative.StructBytes];
        var actions = stackalloc byte[TerminalNative.StructBytes];
        var signals = stackalloc byte[TerminalNative.StructBytes];
        var arguments = new CStrings(words);
        var variables = new CStrings(environment);
        var path = new CStrings([terminal]);
        Must(TerminalNative.InitAttributes(attributes));
        Must(TerminalNative.InitActions(actions));
        try
        {
            Must(TerminalNative.SetFlags(attributes, TerminalNative.SpawnSetSession | TerminalNative.SpawnSetMask | TerminalNative.SpawnSetDefaults));
            _ = TerminalNative.NoSignals(signals);
            Must(TerminalNative.SetMask(attributes, signals));
            _ = TerminalNative.AllSignals(signals);
            Must(TerminalNative.SetDefaults(attributes, signals));

            // The first terminal that the leader of a session opens becomes its controlling terminal.
            Must(TerminalNative.AddOpen(actions, 0, *path.Pointer, TerminalNative.ReadWrite, 0));
            Must(TerminalNative.AddDuplicate(actions, 0, 1));
            Must(TerminalNative.AddDuplicate(actions, 0, 2));
            CloseTheRest(actions);
            ChangeFolder(actions, folder);
            int process;
            var error = TerminalNative.Spawn(&process, program, actions, attributes, arguments.Pointer, variables.Pointer);
            return error == 0 ? new ChildProgram(process) : throw Terminal.Failed($"{program} cannot be started", error);
        }
        finally
        {
            _ = TerminalNative.DestroyActions(actions);
            _ = TerminalNative.DestroyAttributes(attributes);
            arguments.Free();
            variables.Free();
            path.Free();
        }
    }

    /// <summary>What libraries have open without telling that it is not for children, whenever they opened it.</summary>
    private static void CloseTheRest(byte* actions)
    {
        try
        {
            Must(TerminalNative.AddCloseFrom(actions, 3));
            return;
        }
        catch (EntryPointNotFoundException)
        {
            // Before glibc 2.34: what is open now. Closing what is closed by then does no harm.
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry.AsSpan()), out var descriptor) && descriptor > 2)
            {
                Must(TerminalNative.AddClose(actions, descriptor));
            }
        }
    }

    private static void ChangeFolder(byte* actions, string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            Must(TerminalNative.AddChangeFolder(actions, folder));
        }
        catch (EntryPointNotFoundException)
        {
            // Before glibc 2.29: the program begins where the agent is.
        }
    }

    private static void Must(int error)
    {
        if (error != 0)
        {
            throw Terminal.Failed("a program cannot be started on a terminal", error);
        }
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private readonly struct CStrings
    {
        private readonly byte** _pointers;
        private readonly int _count;

        public CStrings(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            _pointers = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(texts[i]);
                _pointers[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
                bytes.CopyTo(new Span<byte>(_pointers[i], bytes.Length));
            }
        }

        public byte** Pointer => _pointers;

        public void Free()
        {
            for (var i = 0; i < _count; i++)
            {
                NativeMemory.Free(_pointers[i]);
            }

            NativeMemory.Free(_pointers);
        }
    }
}
