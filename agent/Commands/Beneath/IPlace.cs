using Messaging.Agent.Disk;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>Where a file is, or is to be: its folder, which is held open, and its name there. Every failure is an <see cref="IOException"/>.</summary>
internal interface IPlace : IDisposable
{
    /// <summary>The file that is there; null when there is none.</summary>
    ITargetFile? OpenTarget();

    /// <summary>A new file beside it, which nobody but the agent's user may read.</summary>
    IPlacedFile Create(string temporary);

    /// <summary>One that is beside it; null when there is none.</summary>
    IPlacedFile? Open(string temporary);

    /// <summary>Gives a file beside it its name: afterwards there is the old one or the new one, until <see cref="Sync"/> also after a power cut.</summary>
    /// <returns>False when there is one and <paramref name="mustBeNew"/>.</returns>
    bool Put(string temporary, bool mustBeNew);

    /// <summary>Deletes a file beside it, if there is one.</summary>
    void Delete(string temporary);

    /// <summary>Names survive a power cut from now on.</summary>
    void Sync();

    /// <summary>Of the file system; null when it does not say.</summary>
    DiskSpace? Space();
}
