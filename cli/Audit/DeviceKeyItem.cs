namespace Messaging.Cli.Audit;

/// <param name="DeviceId">32 lower hexadecimal digits.</param>
/// <param name="Key">The key that has signed it, hex of the point.</param>
/// <param name="Bytes">The COSE_Sign1, base64.</param>
internal sealed record DeviceKeyItem(string? DeviceId, string? Key, string? Bytes);
