using System.Buffers.Text;
using System.Text;

namespace Messaging.FleetServer.Devices;

/// <summary>A place in the list of devices, which is ordered by name: it stays right when devices come and go.</summary>
internal sealed record DeviceCursor(string Name, string Id)
{
    private const int MaxLength = 1000;

    public static DeviceCursor Of(DeviceSnapshot device) => new(device.Name, device.Id);

    /// <summary>Null when the text is not a cursor.</summary>
    public static DeviceCursor? TryParse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || !Base64Url.IsValid(text))
        {
            return null;
        }

        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        var colon = plain.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new DeviceCursor(plain[(colon + 1)..], plain[..colon]);
    }

    /// <summary>The order of the list.</summary>
    public static int Compare(DeviceCursor left, DeviceCursor right)
    {
        var byName = string.Compare(left.Name, right.Name, StringComparison.OrdinalIgnoreCase);
        return byName != 0 ? byName : string.CompareOrdinal(left.Id, right.Id);
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Id}:{Name}"));
}
