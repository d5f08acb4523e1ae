using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>What a look at a property found.</summary>
/// <param name="Kind">Whether it is as it is wanted.</param>
/// <param name="Detail">In what it differs, or what it waits for, for people.</param>
/// <param name="Value">What a program says that its value is.</param>
internal sealed record Look(LookKind Kind, string Detail = "", AppValue? Value = null)
{
    public static readonly Look Same = new(LookKind.Same);

    public static Look Different(string detail) => new(LookKind.Different, detail);

    public static Look Waiting(string detail) => new(LookKind.Waiting, detail);

    public static Look Impossible(string detail) => new(LookKind.Impossible, detail);
}
