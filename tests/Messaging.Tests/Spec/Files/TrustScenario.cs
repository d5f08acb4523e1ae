namespace Messaging.Tests.Spec.Files;

/// <summary>A device that begins with a fingerprint and is brought bundles.</summary>
internal sealed record TrustScenario(string Why, byte[] Fingerprint, IReadOnlyList<(string Why, byte[] Bundle)> Steps);
