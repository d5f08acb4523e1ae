using System.Runtime.InteropServices;

namespace Messaging.Agent.Systemd;

/// <summary>The part of sd-bus(3) that is used: no variadic functions, no callbacks. Results below zero are negative errno values.</summary>
internal static unsafe partial class BusNative
{
    private const string Library = "libsystemd.so.0";

    [LibraryImport(Library, EntryPoint = "sd_bus_open_system")]
    internal static partial int OpenSystem(out nint bus);

    [LibraryImport(Library, EntryPoint = "sd_bus_new")]
    internal static partial int New(out nint bus);

    [LibraryImport(Library, EntryPoint = "sd_bus_set_address", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetAddress(nint bus, string address);

    [LibraryImport(Library, EntryPoint = "sd_bus_set_bus_client")]
    internal static partial int SetBusClient(nint bus, int isClient);

    [LibraryImport(Library, EntryPoint = "sd_bus_start")]
    internal static partial int Start(nint bus);

    [LibraryImport(Library, EntryPoint = "sd_bus_flush_close_unref")]
    internal static partial nint FlushCloseUnref(nint bus);

    [LibraryImport(Library, EntryPoint = "sd_bus_message_new_method_call", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int NewMethodCall(nint bus, out nint message, string destination, string path, string interfaceName, string member);

    [LibraryImport(Library, EntryPoint = "sd_bus_message_append_basic")]
    internal static partial int AppendBasic(nint message, byte type, void* value);

    [LibraryImport(Library, EntryPoint = "sd_bus_call")]
    internal static partial int Call(nint bus, nint message, ulong microseconds, Error* error, out nint reply);

    [LibraryImport(Library, EntryPoint = "sd_bus_process")]
    internal static partial int Process(nint bus, out nint message);

    [LibraryImport(Library, EntryPoint = "sd_bus_wait")]
    internal static partial int Wait(nint bus, ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_bus_message_is_signal", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int IsSignal(nint message, string interfaceName, string member);

    [LibraryImport(Library, EntryPoint = "sd_bus_message_enter_container", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int EnterContainer(nint message, byte type, string contents);

    [LibraryImport(Library, EntryPoint = "sd_bus_message_exit_container")]
    internal static partial int ExitContainer(nint message);

    [LibraryImport(Library, EntryPoint = "sd_bus_message_read_basic")]
    internal static partial int ReadBasic(nint message, byte type, void* value);

    [LibraryImport(Library, EntryPoint = "sd_bus_message_skip", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Skip(nint message, string types);

    [LibraryImport(Library, EntryPoint = "sd_bus_message_unref")]
    internal static partial nint Unref(nint message);

    [LibraryImport(Library, EntryPoint = "sd_bus_error_free")]
    internal static partial void Free(Error* error);

    /// <summary>struct sd_bus_error.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Error
    {
        public byte* Name;
        public byte* Message;
        public int MustBeFreed;
    }
}
