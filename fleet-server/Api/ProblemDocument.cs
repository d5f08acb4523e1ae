using System.Text.Json.Serialization;

namespace Messaging.FleetServer.Api;

/// <summary>The body of an error (RFC 9457). Its type is always "about:blank" and left out; the code takes its place.</summary>
/// <param name="Title">The status in words.</param>
/// <param name="Detail">What is wrong and what to do, for people.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Errors">What is wrong with each field.</param>
internal sealed record ProblemDocument(
    string Title,
    int Status,
    string Detail,
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors);
