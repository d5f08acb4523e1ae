namespace Messaging.FleetServer.Updates;

/// <param name="Signature">ECDSA (P-256, SHA-256) over the bytes of the draft, in DER, in lower-case hexadecimal digits.</param>
internal sealed record SignatureRequest(string Signature);
