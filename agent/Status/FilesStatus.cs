namespace Messaging.Agent.Status;

/// <summary>Files of programs on their way to the server.</summary>
/// <param name="Waiting">Those that the server has not confirmed, with the one that is sent.</param>
/// <param name="WaitsFor">Why none is sent now: <c>day</c> (<c>Files:DayBytes</c> is used up); null: one is, or there is none.</param>
internal sealed record FilesStatus(int Waiting, string? WaitsFor)
{
    /// <summary>The file that is sent; null before its hash is known.</summary>
    public string? Name { get; init; }

    /// <summary>Bytes of it that are sealed.</summary>
    public long? Sealed { get; init; }

    public long? Size { get; init; }
}
