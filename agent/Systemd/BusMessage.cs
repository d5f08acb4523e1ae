using System.Runtime.InteropServices;
using System.Text;

namespace Messaging.Agent.Systemd;

/// <summary>A message of sd-bus, written or read one field after the other.</summary>
internal sealed unsafe class BusMessage(nint handle) : IDisposable
{
    private nint _handle = handle;

    public nint Handle => _handle;

    public BusMessage Append(string text) => AppendText((byte)'s', text);

    public BusMessage Append(bool value)
    {
        var number = value ? 1 : 0;
        Bus.Check(BusNative.AppendBasic(_handle, (byte)'b', &number), "building a message");
        return this;
    }

    /// <summary>The next string or object path.</summary>
    public string ReadText(char type = 's')
    {
        byte* text = null;
        Bus.Check(BusNative.ReadBasic(_handle, (byte)type, &text), "reading a message");
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }

    public uint ReadUInt32()
    {
        uint value = 0;
        Bus.Check(BusNative.ReadBasic(_handle, (byte)'u', &value), "reading a message");
        return value;
    }

    public bool ReadBoolean()
    {
        var value = 0;
        Bus.Check(BusNative.ReadBasic(_handle, (byte)'b', &value), "reading a message");
        return value != 0;
    }

    public void Skip(string types) => Bus.Check(BusNative.Skip(_handle, types), "reading a message");

    /// <returns>False at the end of the container around it.</returns>
    public bool TryEnter(char type, string contents) => Bus.Check(BusNative.EnterContainer(_handle, (byte)type, contents), "reading a message") > 0;

    public void Exit() => Bus.Check(BusNative.ExitContainer(_handle), "reading a message");

    public bool IsSignal(string interfaceName, string member) => BusNative.IsSignal(_handle, interfaceName, member) > 0;

    public void Dispose()
    {
        if (_handle != 0)
        {
            BusNative.Unref(_handle);
            _handle = 0;
        }
    }

    private BusMessage AppendText(byte type, string text)
    {
        fixed (byte* pointer = Encoding.UTF8.GetBytes(text + '\0'))
        {
            Bus.Check(BusNative.AppendBasic(_handle, type, pointer), "building a message");
        }

        return this;
    }
}
