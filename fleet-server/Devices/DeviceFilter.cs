namespace Messaging.FleetServer.Devices;

/// <summary>Which devices a list shows; null lets all through.</summary>
/// <param name="Search">Every word must be in the name, id, host name, model or a tag, in any case.</param>
/// <param name="Tag">Exactly this tag.</param>
internal sealed record DeviceFilter(string? Search, string? Tag, bool? Online, DeviceStatus? Status)
{
    private readonly string[] _words = Search?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public bool Matches(DeviceSnapshot device) =>
        (Online is null || device.Online == Online)
        && (Status is null || device.Status == Status)
        && (Tag is null || device.Tags.Contains(Tag, StringComparer.Ordinal))
        && Array.TrueForAll(_words, word => Says(device, word));

    private static bool Says(DeviceSnapshot device, string word) =>
        Has(device.Name, word)
        || device.Id.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        || Has(device.Fact(DeviceFacts.Hostname), word)
        || Has(device.Fact(DeviceFacts.Model), word)
        || device.Tags.Any(tag => Has(tag, word));

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
