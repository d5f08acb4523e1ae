namespace Messaging.Cli.Verbs;

/// <summary>A file that was brought or fetched.</summary>
/// <param name="Path">On the device.</param>
/// <param name="Local">Here.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of the whole, 64 hexadecimal digits.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record TransferView(string Path, string Local, long Size, string Sha256, double Seconds);
