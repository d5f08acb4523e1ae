namespace Messaging.FleetServer.Enrolment;

/// <summary>What was typed after <c>token create</c>.</summary>
/// <param name="DataFolder">Null: where the server looks without --data.</param>
internal sealed record TokenArguments(string? DataFolder, string Name, IReadOnlyList<string> Tags)
{
    /// <summary>A number, or unlimited.</summary>
    public string MaxUses { get; init; } = "1";

    /// <summary>A number with s, m, h or d.</summary>
    public string Expires { get; init; } = "1h";

    public bool RequireApproval { get; init; }

    public string? PublicUrl { get; init; }

    public bool Json { get; init; }
}
