using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Systemd;

/// <summary>A connection to the system bus. Belongs to one thread at a time; calls block.</summary>
internal sealed unsafe class Bus : IDisposable
{
    private static readonly string[] NobodyThere =
    [
        "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner", "org.freedesktop.DBus.Error.Disconnected",
    ];

    private const string SpawnErrors = "org.freedesktop.DBus.Error.Spawn.";

    private nint _handle;

    private Bus(nint handle) => _handle = handle;

    /// <param name="address">Empty: the system's.</param>
    /// <exception cref="SystemdUnavailableException">No libsystemd, or no bus.</exception>
    public static Bus Open(string address)
    {
        try
        {
            return address.Length == 0 ? OpenSystem() : OpenAddress(address);
        }
        catch (DllNotFoundException e)
        {
            throw new SystemdUnavailableException("libsystemd.so.0 is not installed", e);
        }
    }

    /// <summary>Throws for a negative errno.</summary>
    /// <exception cref="SystemdException">The result says that something failed.</exception>
    public static int Check(int result, string doing) => result >= 0 ? result : throw new SystemdException("errno", $"{doing}: {Describe(result)}");

    public BusMessage NewCall(string destination, string path, string interfaceName, string member)
    {
        Check(BusNative.NewMethodCall(_handle, out var message, destination, path, interfaceName, member), "building a message");
        return new BusMessage(message);
    }

    /// <summary>Sends a method call and waits for its answer.</summary>
    /// <exception cref="SystemdUnavailableException">Nobody has the destination's name.</exception>
    /// <exception cref="SystemdException">The answer is an error, or there is none in time.</exception>
    public BusMessage Call(BusMessage message, TimeSpan timeout)
    {
        BusNative.Error error = default;
        try
        {
            var result = BusNative.Call(_handle, message.Handle, Microseconds(timeout), &error, out var reply);
            if (result >= 0)
            {
                return new BusMessage(reply);
            }

            var name = Marshal.PtrToStringUTF8((nint)error.Name) ?? "errno";
            var text = Marshal.PtrToStringUTF8((nint)error.Message) ?? Describe(result);
            throw NobodyThere.Contains(name, StringComparer.Ordinal) || name.StartsWith(SpawnErrors, StringComparison.Ordinal)
                ? new SystemdUnavailableException($"nobody there on the bus: {text}")
                : new SystemdException(name, text);
        }
        finally
        {
            BusNative.Free(&error);
        }
    }

    /// <summary>Waits for any message.</summary>
    /// <returns>Null when the time has passed, or when it was none of interest.</returns>
    /// <exception cref="SystemdException">The connection broke.</exception>
    public BusMessage? Receive(TimeSpan timeout)
    {
        var result = Check(BusNative.Process(_handle, out var message), "the bus");
        if (message != 0)
        {
            return new BusMessage(message);
        }

        if (result == 0)
        {
            Check(BusNative.Wait(_handle, Microseconds(timeout)), "the bus");
        }

        return null;
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            BusNative.FlushCloseUnref(_handle);
            _handle = 0;
        }
    }

    private static Bus OpenSystem()
    {
        var result = BusNative.OpenSystem(out var handle);
        return result >= 0 ? new Bus(handle) : throw new SystemdUnavailableException($"there is no system bus: {Describe(result)}");
    }

    private static Bus OpenAddress(string address)
    {
        Check(BusNative.New(out var handle), "opening the bus");
        var bus = new Bus(handle);
        var result = BusNative.SetAddress(handle, address);
        result = result < 0 ? result : BusNative.SetBusClient(handle, 1);
        result = result < 0 ? result : BusNative.Start(handle);
        if (result >= 0)
        {
            return bus;
        }

        bus.Dispose();
        throw new SystemdUnavailableException($"there is no bus at {address}: {Describe(result)}");
    }

    private static string Describe(int result) => new Win32Exception(-result).Message;

    private static ulong Microseconds(TimeSpan span) => (ulong)Math.Max(1, span.TotalMicroseconds);
}
