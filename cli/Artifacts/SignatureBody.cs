namespace Messaging.Cli.Artifacts;

/// <param name="Signature">DER in hexadecimal digits.</param>
internal sealed record SignatureBody(string Signature);
