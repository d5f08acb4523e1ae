namespace Messaging.FleetServer.Commands;

/// <summary>Why a command was not stored.</summary>
/// <param name="Status">The HTTP status that says it best: 400, 404, 409 or 422.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Detail">What is wrong and what to do, for people.</param>
/// <param name="Field">The part of the request that is wrong ("args.unit"), if one is.</param>
internal sealed record CommandProblem(int Status, string Code, string Detail, string? Field = null);
