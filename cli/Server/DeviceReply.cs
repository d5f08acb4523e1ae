namespace Messaging.Cli.Server;

/// <summary>What is used of a device as the server answers it.</summary>
/// <param name="Id">32 lower hexadecimal digits.</param>
/// <param name="Boot">The running boot; null when the device was never there.</param>
internal sealed record DeviceReply(string? Id, BootReply? Boot);
