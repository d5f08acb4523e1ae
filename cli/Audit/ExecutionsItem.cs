namespace Messaging.Cli.Audit;

/// <param name="DeviceId">32 lower hexadecimal digits.</param>
/// <param name="ReceivedAt">By the server.</param>
/// <param name="Key">The key that has signed it, hex of the point.</param>
/// <param name="Bytes">The COSE_Sign1, base64.</param>
internal sealed record ExecutionsItem(string? DeviceId, DateTimeOffset ReceivedAt, string? Key, string? Bytes);
